/**
 * Returns the command of an unpacked archive, for sh: it finds the folder that it is in, and runs the Node.js there. It needs neither npm
 * nor a Node.js of the machine nor any variable. `demo` serves the demo town, whatever the environment says.
 * @param node the path of Node.js in the program's folder
 */
export const launcher = (node: string): string => `#!/bin/sh
# Finestreta's command: finestreta help. Data is in DATA_DIR, by default the folder data beside bin.
set -eu
PATH="\${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}"
export PATH
self=$(readlink -f -- "$0")
root=\${self%/bin/finestreta}
DATA_DIR="\${DATA_DIR:-$root/data}"
export DATA_DIR
if [ "\${1:-}" = demo ]; then
  shift
  DEMO=1
  DEMO_LIFE="\${DEMO_LIFE:-1}"
  export DEMO DEMO_LIFE
  set -- serve "$@"
fi
exec "$root/${node}" "$root/dist/server/cli.js" "$@"
`;

/**
 * Returns the command of a Debian package: the same program with the settings of /etc. What the caller's environment says wins, so that
 * `systemctl edit`, or a single command, can say otherwise. Only the administrator and the service may read the settings; to others it says
 * so, since it would otherwise work on an empty installation. `demo` uses none of them.
 * @param node the path of Node.js in the program's folder
 */
export const debianLauncher = (node: string): string => `#!/bin/sh
# Finestreta's command: man finestreta.
set -eu
PATH="\${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}"
export PATH
root=/usr/lib/finestreta
settings=/etc/finestreta/finestreta.env
case "\${1:-}" in
demo)
  shift
  DEMO=1
  DATA_DIR="\${DATA_DIR:-\${XDG_STATE_HOME:-\${HOME:?is not set, so DATA_DIR must be}/.local/state}/finestreta-demo}"
  DEMO_LIFE="\${DEMO_LIFE:-1}"
  export DEMO DEMO_LIFE DATA_DIR
  set -- "$root/dist/server/cli.js" serve "$@"
  ;;
'' | help | --help | -h | form)
  set -- "$root/dist/server/cli.js" "$@"
  ;;
*)
  if [ ! -r "$settings" ]; then
    echo "finestreta: $settings can't be read: run this as root (sudo finestreta $*), or try the demo: finestreta demo" >&2
    exit 77
  fi
  set -- "--env-file=$settings" "$root/dist/server/cli.js" "$@"
  ;;
esac
exec "$root/${node}" "$@"
`;
