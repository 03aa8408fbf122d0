# An index that is no index.
echo garbage >"$modules/modules.alias.bin"
