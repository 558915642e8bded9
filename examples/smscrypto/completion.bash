# Completion of smscrypto for bash.  The words are those that "smscrypto help" prints, so that
# this file never has to change with them.
_smscrypto() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=
	if [ "$COMP_CWORD" -eq 1 ] || { [ "$command" = help ] && [ "$COMP_CWORD" -eq 2 ]; }; then
		words=$(smscrypto help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')
	elif [ "$before" = -f ] || [ "$before" = --format ]; then
		words=$(smscrypto help "$command" 2>/dev/null | sed -n 's/^ *one of: //p')
	elif [ "$before" = --color ]; then
		words='auto always never'
	elif [ "$before" = --key ]; then
		words='signature exchange'
	elif [ "$before" = --secret ]; then
		words='dpapi-system= master-key= password= domain-backup-key='
		compopt -o nospace
	elif [ "$before" = --limit ]; then
		words='stream= total= entries= events= depth= ratio= rounds='
		compopt -o nospace
	elif [ "${word#-}" != "$word" ]; then
		words=$(smscrypto help "$command" 2>/dev/null | sed -n 's/^ .*\(--[a-z]*\).*/\1/p')
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _smscrypto smscrypto
