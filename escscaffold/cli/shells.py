"""What each shell needs to complete a line, on top of what click knows: keys are parted by dots, and end in "="."""

import os

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

VARIABLE = "_ESCSCAFFOLD_COMPLETE"
"""What a shell sets when it asks; click makes this name of the program's."""

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line=${COMP_LINE:0:COMP_POINT} word completion value
    word=${line##*[[:space:]]}
    word=${word#--*=}
    COMPREPLY=()
    for completion in $(env COMP_WORDS="$1${line#*"$1"}" %(complete_var)s=bash_complete "$1"); do
        value=${completion#*,}
        case $completion in
        dir,*) compopt -o dirnames ;;
        file,*) compopt -o default ;;
        plain,*)
            # A key goes on behind its dots and its equals sign.
            [[ $value == *[.=] ]] && compopt -o nospace
            # Where "=" parts words, only what stands behind the last one is replaced.
            [[ $COMP_WORDBREAKS == *=* && $word == *=* ]] && value=${value#"${word%%=*}="}
            COMPREPLY+=("$value")
            ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_ZSH = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local -a response plain described
    local type key text before=
    (( ! $+commands[%(prog_name)s] )) && return 1
    # Behind --mode= a value is offered with what stands before it, as the whole word is replaced.
    [[ ${words[CURRENT]} == --*=* ]] && before=${words[CURRENT]%%%%=*}=
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s)}")
    for type key text in ${response}; do
        case $type in
        dir) _path_files -/ ;;
        file) _path_files -f ;;
        plain)
            key=$before$key
            # A key goes on behind its dots and its equals sign.
            if [[ $key == *[.=] ]]; then
                compadd -U -V unsorted -S '' -- "$key"
            elif [[ $text == "_" ]]; then
                plain+=("$key")
            else
                described+=("${key//:/\\\\:}:$text")
            fi
            ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    # Behind --mode= a value is offered with what stands before it, or fish takes it for another word.
    set -l before (string match --regex -- '^--[^=]+=' (commandline -t))
    for completion in (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \\
            COMP_CWORD=(commandline -t) %(prog_name)s)
        set -l parts (string split --max 1 "," -- $completion)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain
                string join '' -- "$before$parts[2]"
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $tree, $cursor)
    # The line up to the cursor; what stands behind it is no part of the word.
    $length = [Math]::Max(0, $cursor - $tree.Extent.StartOffset)
    $env:COMP_WORDS = $tree.Extent.Text.PadRight($length).Substring(0, $length)
    $env:%(complete_var)s = 'powershell_complete'
    try {
        # Nothing is offered for a file or a folder: PowerShell then completes paths automatically.
        %(prog_name)s | Where-Object { $_.StartsWith("plain`t") } | ForEach-Object {
            $type, $value, $text = $_ -split "`t", 3
            $before = if ($word -match '^--[^=]+=') { $Matches[0] } else { '' }
            $told = if ($text) { $text } else { $value }
            [System.Management.Automation.CompletionResult]::new("$before$value", $value, 'ParameterValue', $told)
        }
    }
    finally {
        Remove-Item Env:COMP_WORDS, Env:%(complete_var)s
    }
}
"""


class _OfOneLine(ShellComplete):
    """Offers nothing for a word that steers a terminal or goes over lines: an answer is a line, and may repeat it."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what can stand for the word at the cursor."""
        return super().get_completions(args, incomplete) if incomplete.isprintable() else []


class Bash(_OfOneLine, BashComplete):
    """Hands over the line as it was typed: bash itself would part words at "="."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one at the cursor, and that one."""
        line = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(line)[1:]
        return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])


class Zsh(_OfOneLine, ZshComplete):
    """Adds no space behind a key that goes on."""

    source_template = _ZSH


class Fish(_OfOneLine, FishComplete):
    """Offers values behind "--mode=", too, and descriptions with commas in them whole."""

    source_template = _FISH


class PowerShell(Bash):
    """Hands over the line up to the cursor, as bash does, and shows what each value is."""

    name = "powershell"
    source_template = _POWERSHELL

    def format_completion(self, item: CompletionItem) -> str:
        """Return a line of a type, a value and its description, parted by tabs."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"

    def source(self) -> str:
        """Return the script; no version is asked for, as of bash."""
        return self.source_template % self.source_vars()


def register() -> None:
    """Have click use these where a shell asks."""
    for shell in (Bash, Fish, PowerShell, Zsh):
        add_completion_class(shell)


def completion_of(shell: str) -> type[ShellComplete]:
    """Return the completion of the shell with this name."""
    register()
    completion = get_completion_class(shell)
    assert completion, "click has all that the command takes"
    return completion
