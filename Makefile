# The only build file. `make help` lists the targets; V=1 shows whole commands.

VERSION := 0.1.0

CC     ?= cc
B      ?= build
CFLAGS ?= -O2 -g
WERROR ?=
V      ?=
Q      := $(if $(V),,@)
say     = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

PKGS := blkid json-c libcurl libkmod liblz4 liblzma libudev libzstd nettle yaml-0.1 zlib

warnings := -Wall -Wextra -Wformat=2 -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wno-missing-field-initializers -Wno-format-nonliteral $(if $(WERROR),-Werror)
hardening := -fstack-protector-strong -fstack-clash-protection -fPIE $(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
pkg_cflags := $(shell pkg-config --cflags $(PKGS))
# bzip2 comes without a .pc file in Debian.
pkg_libs   := $(shell pkg-config --libs $(PKGS)) -lbz2

cppflags := -D_GNU_SOURCE -DXEN2NITRO_VERSION='"$(VERSION)"' -Ichecker -I. $(pkg_cflags)
cflags   := -std=gnu17 $(warnings) $(hardening) $(CFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ldflags  := -pie -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE))

# ---- sources: every .c of a folder belongs to it -------------------------------------------------

main_src := checker/main.c $(wildcard checker/cmd.c checker/options.c checker/cmd-*.c)
lib_src  := $(filter-out $(main_src),$(wildcard checker/*.c checker/*/*.c fixes/*.c))
assets   := $(sort $(wildcard rules/*/*.json checker/ec2/*.json))

obj = $(patsubst %.c,$(B)/%.o,$(1))
lib := $(B)/libxen2nitro.a
bin := $(B)/xen2nitro

## all: the program (default)
all: $(bin)

$(bin): $(call obj,$(main_src)) $(lib)
	$(call say,LINK,$@)
	$(Q)$(CC) $(cflags) $(ldflags) -o $@ $^ $(pkg_libs)

$(lib): $(call obj,$(lib_src)) $(B)/gen/assets.o
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) $(cflags) -MMD -MP -c -o $@ $<

$(B)/gen/assets.o: $(B)/gen/assets.c $(assets)
	$(call say,CC,$<)
	$(Q)$(CC) $(cppflags) $(cflags) -c -o $@ $<

# Written anew when a file came or went, or when one changed.
$(B)/gen/assets.c: packaging/embed.sh $(assets) $(B)/gen/assets.list
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)sh packaging/embed.sh $(assets) > $@.tmp && mv $@.tmp $@

$(B)/gen/assets.list: FORCE
	@mkdir -p $(@D)
	@echo '$(assets)' | cmp -s - $@ || echo '$(assets)' > $@

# ---- tests ---------------------------------------------------------------------------------------

unit := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test-*.c))
fuzz := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(filter-out tests/fuzz/fuzz-main.c,$(wildcard tests/fuzz/fuzz-*.c)))
tools := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(wildcard tests/tools/*.c))
crash := $(patsubst tests/crash/%.c,$(B)/tests/crash/%,$(wildcard tests/crash/*.c))
scripts := $(wildcard tests/cli/test-*.sh tests/expr/test-*.sh tests/fstab/test-*.sh tests/scenario/test-*.sh tests/packaging/test-*.sh tests/crash/test-*.sh)

$(B)/tests/unit/%: tests/unit/%.c $(lib) Makefile
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) -Itests/unit $(cflags) $(ldflags) -MMD -MP -o $@ $< $(lib) $(pkg_libs) -lcmocka

$(B)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/fuzz-main.c $(lib) Makefile
	$(call say,FUZZ,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) $(cflags) $(ldflags) $(if $(LIBFUZZER),-fsanitize=fuzzer) -Wno-missing-prototypes -o $@ $< \
		$(if $(LIBFUZZER),,tests/fuzz/fuzz-main.c) $(lib) $(pkg_libs)

$(B)/tests/tools/%: tests/tools/%.c Makefile
	$(call say,TOOL,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) $(cflags) $(ldflags) -o $@ $< -lseccomp

$(B)/tests/crash/%: tests/crash/%.c $(lib) Makefile
	$(call say,TOOL,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cppflags) $(cflags) $(ldflags) -MMD -MP -o $@ $< $(lib) $(pkg_libs)

tests: $(bin) $(unit) $(fuzz) $(tools) $(crash)

## check: unit tests, scenarios, the command line, replay of all fuzz inputs
check: tests
	$(Q)B=$(B) sh tests/run.sh $(unit) $(fuzz) $(scripts)

asan := B=$(B)-asan SANITIZE=address,undefined CFLAGS='-O1 -g'

## check-asan: the same with the address and undefined behaviour sanitizers
check-asan:
	$(Q)$(MAKE) --no-print-directory $(asan) check

tests-asan:
	$(Q)$(MAKE) --no-print-directory $(asan) tests

## check-no-openat2: the same on a kernel without openat2
check-no-openat2: tests
	$(Q)B=$(B) $(B)/tests/tools/no-openat2 sh tests/run.sh $(unit) $(fuzz) $(scripts)

## check-roots: real systems, built once and cached in ROOTS_CACHE; needs root
check-roots: $(bin)
	$(Q)B=$(B) MUST_RUN=$(if $(MAY_SKIP_ROOTS),,$(MUST_RUN)) sh tests/run.sh $(wildcard tests/real/test-*.sh)

## check-crash: fix and rollback stopped at every single system call that writes; takes minutes
check-crash: $(bin) $(crash)
	$(Q)B=$(B) ALL=1 sh tests/run.sh $(wildcard tests/crash/test-*.sh)

## check-boot: verdicts and fixes against the truth, by starting disks in QEMU; BOOT=quick: a part; needs root, takes minutes
check-boot: $(bin)
	$(Q)B=$(B) BOOT=$(BOOT) MUST_RUN=$(if $(MAY_SKIP_ROOTS)$(MAY_SKIP_BOOT),,$(MUST_RUN)) sh tests/boot/boot.sh

## golden: compare the scenarios; UPDATE=1 rewrites what they are compared with
golden: $(bin)
	$(Q)B=$(B) UPDATE=$(UPDATE) /usr/bin/python3 tests/scenario/scenarios.py

## rules-table: the table in rules/README.md anew, from the rules and the golden files
rules-table:
	$(Q)/usr/bin/python3 -B tests/lint/rules-table.py

## bench: time and memory on the largest real root, as a table; needs root
bench: $(bin) $(B)/tests/tools/measure
	$(Q)B=$(B) sh tests/bench/bench.sh

## lint: who includes whom, banned calls, rules, scripts, format
lint: $(bin)
	$(Q)B=$(B) sh tests/run.sh $(wildcard tests/lint/test-*.sh)

## coverage: the suite with gcov; lines that ran, per source file
coverage:
	$(Q)rm -rf $(B)-coverage
	$(Q)$(MAKE) --no-print-directory B=$(B)-coverage CFLAGS='-O0 -g --coverage' check
	$(Q)cd $(B)-coverage && find checker -name '*.gcda' | xargs gcov -n 2>/dev/null | \
		awk -F "['%:]" '/^File .checker.*c.$$/ { file = $$2 } /^Lines executed/ && file { printf "%6.1f %%  %s\n", $$2, file; file = "" }' | sort -n

## format: clang-format over the sources
format:
	clang-format-14 -i $(wildcard checker/*.[ch] checker/*/*.[ch] fixes/*.[ch] tests/*/*.[ch])

## fuzz: build all fuzzers with libFuzzer (clang)
## fuzz-run: run one for a time: make fuzz-run F=fstab T=60
libfuzzer := $(MAKE) --no-print-directory B=$(B)-fuzz CC=clang LIBFUZZER=1 SANITIZE=address,undefined,fuzzer-no-link
F ?= fstab
T ?= 60

fuzz:
	$(Q)$(libfuzzer) $(patsubst $(B)/%,$(B)-fuzz/%,$(fuzz))

fuzz-run:
	$(Q)$(libfuzzer) $(B)-fuzz/tests/fuzz/fuzz-$(F)
	$(Q)mkdir -p $(B)-fuzz/found-$(F)
	$(B)-fuzz/tests/fuzz/fuzz-$(F) -max_total_time=$(T) -timeout=10 -max_len=65536 \
		-artifact_prefix=$(B)-fuzz/ $(B)-fuzz/found-$(F) tests/fuzz/corpus/$(F)

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## clean: remove what was built
clean:
	rm -rf $(B) $(B)-asan $(B)-fuzz $(B)-coverage

FORCE:
.PHONY: all tests tests-asan check check-asan check-no-openat2 check-roots check-crash check-boot golden rules-table bench lint format fuzz fuzz-run help clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

-include $(patsubst %.o,%.d,$(call obj,$(main_src) $(lib_src))) $(addsuffix .d,$(unit) $(crash))
