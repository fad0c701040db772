"""Where every range lies: arithmetic, placing, the plan and what was granted before."""
