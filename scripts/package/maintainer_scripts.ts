/**
 * What dpkg runs when the package comes and goes.
 *
 * @module
 */

/** With `dpkg --root` the service manager that runs is not the one of that system. */
const IF_SYSTEMD_RUNS = `if [ -d "\${DPKG_ROOT:-}/run/systemd/system" ]; then`;

/**
 * Scripts by name. The service is not started by itself: the administrator chooses the roles first. A
 * service that runs goes on after an upgrade, and is stopped before its program is removed.
 */
export const MAINTAINER_SCRIPTS: ReadonlyMap<string, string> = new Map([
  [
    "postinst",
    `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  ${IF_SYSTEMD_RUNS}
    systemctl daemon-reload || true
    deb-systemd-invoke try-restart pulsebox.service || true
  fi
  if [ -z "$2" ]; then
    echo "Next: choose the roles in /etc/default/pulsebox, then: sudo systemctl enable --now pulsebox"
  fi
fi
`,
  ],
  [
    "prerm",
    `#!/bin/sh
set -e
if [ "$1" = remove ]; then
  ${IF_SYSTEMD_RUNS}
    deb-systemd-invoke stop pulsebox.service || true
  fi
fi
`,
  ],
  [
    "postrm",
    `#!/bin/sh
set -e
if [ "$1" = remove ]; then
  # What systemctl enable has made would start nothing, and complain.
  rm -f "\${DPKG_ROOT:-}/etc/systemd/system/multi-user.target.wants/pulsebox.service"
fi
${IF_SYSTEMD_RUNS}
  systemctl daemon-reload || true
fi
`,
  ],
]);
