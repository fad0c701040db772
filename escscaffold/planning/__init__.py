"""The place of every range: arithmetic, placing, the plan and what was granted before."""
