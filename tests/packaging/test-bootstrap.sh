#!/bin/sh
# What bootstrap would install with each package manager, on a machine that has nothing. The
# managers are stand-ins that write down how they are called.
. "$(dirname "$0")/../tap.sh"
real_path=$PATH

# stand_in NAME: a program of the machine; standard input is the script.
stand_in()
{
        rm -f "$tap_tmp/bin/$1" # never through a link to the real one
        { echo "#!/bin/sh"; cat; } >"$tap_tmp/bin/$1"
        chmod +x "$tap_tmp/bin/$1"
}

# machine: a PATH with the ordinary tools, and nothing to build with.
machine()
{
        rm -rf "$tap_tmp/bin" "$tap_tmp/calls"
        mkdir "$tap_tmp/bin"
        for tool in sh awk sed grep tr cat dirname env; do
                ln -s "$(PATH=$real_path command -v $tool)" "$tap_tmp/bin/$tool"
        done
        echo 'exit 1' | stand_in pkg-config
        echo 'exit 1' | stand_in cc
        echo 'echo 0' | stand_in id
}

bootstrap()
{
        run env PATH="$tap_tmp/bin" SBIN= CALLS="$tap_tmp/calls" sh packaging/bootstrap build
}

machine
stand_in apt-get <<'END'
echo apt-get "$@" >>"$CALLS"
END
bootstrap
is 'apt' "$(cat "$tap_tmp/calls")" 'apt-get -qq update
apt-get -qq install -y --no-install-recommends gcc libc6-dev make libblkid-dev libjson-c-dev libcurl4-openssl-dev libkmod-dev liblz4-dev liblzma-dev libudev-dev libzstd-dev nettle-dev libyaml-dev zlib1g-dev libbz2-dev'
is 'what is still missing is said in one line' "$status: $(printf '%s' "$err" | grep -c '^bootstrap: still missing: cc make blkid ')" '1: 1'

rpm='pkgconfig(blkid) pkgconfig(json-c) pkgconfig(libcurl) pkgconfig(libkmod) pkgconfig(liblz4) pkgconfig(liblzma) pkgconfig(libudev) pkgconfig(libzstd) pkgconfig(nettle) pkgconfig(yaml-0.1) pkgconfig(zlib)'
for manager in dnf yum; do
        machine
        stand_in $manager <<'END'
case $* in
'repolist --all')
        echo 'repo id    repo name'
        echo 'appstream  AppStream  enabled'
        echo 'crb        CRB        disabled'
        ;;
*' list bzip2-devel') ;;
*' list '*) exit 1 ;;
*) echo "${0##*/}" "$@" >>"$CALLS" ;;
esac
END
        bootstrap
        is "$manager, with the repository of the development files" "$(cat "$tap_tmp/calls")" \
                "$manager --quiet --assumeyes --enablerepo=crb install gcc glibc-devel make $rpm bzip2-devel"
done

machine
stand_in zypper <<'END'
case $* in
*search*libbz2-devel) ;;
*search*) exit 104 ;;
*) echo zypper "$@" >>"$CALLS" ;;
esac
END
bootstrap
is 'zypper' "$(cat "$tap_tmp/calls")" \
        "zypper --non-interactive --quiet install --no-recommends gcc glibc-devel make $rpm libbz2-devel"

machine
bootstrap
is 'no manager that is known' "$status: $err" \
        '1: bootstrap: no apt, dnf, yum or zypper here; needed are: cc make blkid json-c libcurl libkmod liblz4 liblzma libudev libzstd nettle yaml-0.1 zlib bzlib.h '

run sh packaging/bootstrap
is 'usage' "$status: $err" '1: bootstrap: usage: sh packaging/bootstrap run|check|build'
tap_end
