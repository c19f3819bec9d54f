# SPDX-License-Identifier: Apache-2.0
# Shared by ./run and ./test: install what is missing, build. Sourced from the top of the repository.

say() { printf '\033[1m== %s\033[0m\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Node and npm may come from elsewhere than Debian; the command is what counts.
is_installed() {
  case "$1" in
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    *) [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" != "" ] && dpkg-query -W -f '${db:Status-Abbrev}' "$1" | grep -q '^.i' ;;
  esac
}

# install PURPOSE…: the packages of cmake/packages.txt that are not there yet. Touches no network when none is missing.
install() {
  local purpose missing=() package
  for purpose in "$@"; do
    for package in $(sed -n "s/^$purpose //p" cmake/packages.txt); do
      is_installed "$package" || missing+=("$package")
    done
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" apt-get update -q || die "apt-get update failed: this first start needs Debian's package server; later ones work offline."
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" ||
    die "The packages above could not be installed. Mend apt (its message is above) and start again."
}

# node_packages FOLDER: npm ci, only when the lock file changed since the last time.
node_packages() {
  local stamp="$1/node_modules/.gapura-lock"
  cmp -s "$1/package-lock.json" "$stamp" && return
  say "installing the npm packages of $1"
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
    die "npm could not install the packages of $1: this first start needs the npm registry; later ones work offline."
  cp "$1/package-lock.json" "$stamp"
}

# console: the web console's bundle, only when its sources are newer, or models/*/*.h, whose enumerations it takes over,
# or the catalogues of config/locale.
console() {
  local folder=gateway/console
  node_packages "$folder"
  if [ -f "$folder/dist/index.html" ] && [ -z "$(find "$folder" models/*/*.h config/locale \
    \( -path "$folder/node_modules" -o -path "$folder/dist" -o -path "$folder/src/generated" \) -prune \
    -o -type f -newer "$folder/dist/index.html" -print -quit)" ]; then
    return
  fi
  say "building the web console"
  (cd "$folder" && npm run --silent build) || die "The web console did not build (see above)."
}

# build FOLDER CMAKE-OPTIONS… -- TARGETS…
build() {
  local folder="$1" options=() generator=()
  shift
  while [ "$1" != "--" ]; do options+=("$1"); shift; done
  shift
  [ -f "$folder/build.ninja" ] || generator=(-G Ninja)
  cmake -S . -B "$folder" "${generator[@]}" "${options[@]}" >"$folder.log" 2>&1 || { cat "$folder.log"; die "cmake failed (see above)."; }
  rm -f "$folder.log"
  say "building in $folder"
  ninja -C "$folder" "$@" || die "The build failed (see above)."
}
