import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { systemClock } from '../lib/clock.ts';
import { hasAddress } from '../lib/http/lan.ts';
import { newSecret } from '../lib/secrets.ts';
import { ROOT } from '../paths.ts';
import { phonePath } from '../web/demo/phone/door.tsx';
import type { BeginAgain, DemoTools } from '../web/demo/types.ts';
import { lanCertificate } from './lan/certificate.ts';
import { createTrials } from './trials/commands.ts';
import { openDemoMailServer } from './trials/mail-server.ts';

/** What a living demo has besides its life, while it is open. */
export interface OpenTools extends DemoTools {
  /** The configuration with the demo's own mail server. */
  config: Config;
  /** What a telephone shows at the door of the own network; null: the demo is not served to it. */
  lan: { secret: string } | null;
  /** Removes what a demo that was killed has left. The folder of data must be this process's. */
  tidy(): void;
  close(): Promise<void>;
}

/** What telephones show stays while the process runs, so that one that came in stays in when the demo begins again. */
const secret = newSecret();

/** The operator's command of a build. */
const CLI = join(ROOT, 'dist', 'server', 'cli.js');

/** Opens the tools of a demo: its mail server, the operator's commands, and the way in for a telephone. */
export async function openTools(config: Config, again: BeginAgain | null): Promise<OpenTools> {
  const { lan } = config;
  const phone = lan && {
    link: lan.url + phonePath(secret),
    fingerprint: lanCertificate(config.dataDir, lan.address, systemClock.now()).fingerprint,
    isThere: () => hasAddress(lan.address),
  };
  // A mail server that somebody has configured is theirs to switch off.
  const mail = config.smtpUrl ? null : await openDemoMailServer();
  const trials =
    mail && existsSync(CLI)
      ? createTrials({
          dataDir: config.dataDir,
          command: [process.execPath, CLI],
          env: {
            ...process.env,
            DATA_DIR: config.dataDir,
            DEMO: '1',
            SMTP_URL: mail.url,
            LAN: '',
          },
          mail,
        })
      : null;
  return {
    config: mail ? { ...config, smtpUrl: mail.url } : config,
    lan: lan && { secret },
    phone,
    again,
    trials,
    tidy: () => trials?.tidy(),
    async close() {
      await trials?.stop();
      await mail?.close();
    },
  };
}
