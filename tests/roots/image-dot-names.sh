# Names that begin with a dot and a slash, lib in place of usr/lib.
mkdir "$tree.old"
mv "$tree/usr/lib/modules" "$tree.old/"
rm "$tree/lib"
mkdir "$tree/lib"
mv "$tree.old/modules" "$tree/lib/modules"
repack
