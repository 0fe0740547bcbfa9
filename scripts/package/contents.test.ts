import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { STOPPING } from '../../src/lib/http/stopping.ts';
import { debianComponents } from './base.ts';
import { imageConfig, imageFiles } from './image.ts';
import { debianLauncher, launcher } from './launcher.ts';
import { commandsIn, manualPage } from './man.ts';
import { stable } from './sbom.ts';
import { tracked } from './tracked.ts';
import { versionOf } from './version.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TIME = 1_790_000_000;
const version = versionOf({
  version: '0.1.0',
  tags: ['v0.1.0'],
  commit: 'abcdef0123456789',
  isChanged: false,
  time: TIME,
});
let work = '';
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'finestreta-contents-'));
});
afterEach(() => rmSync(work, { recursive: true }));

describe('the version', () => {
  const facts = { version: '0.1.0', tags: [], commit: 'abcdef0123456789', time: TIME };

  test('of a clean commit with its tag is a release', () => {
    expect(version).toMatchObject({ name: '0.1.0', debian: '0.1.0', revision: 'v0.1.0' });
  });

  test('of any other commit comes before the release', () => {
    const other = versionOf({ ...facts, isChanged: false });
    expect(other.name).toBe('0.1.0-dev.20260921T141320.gabcdef01');
    const compare = (a: string, b: string) =>
      execFileSync('dpkg', ['--compare-versions', a, 'lt', b], { stdio: 'ignore' });
    if (existsSync('/usr/bin/dpkg')) {
      expect(() => compare(other.debian, '0.1.0')).not.toThrow();
      expect(() => compare('0.1.0', other.debian)).toThrow();
    }
  });

  test('says that something was changed, also at a tag', () => {
    expect(versionOf({ ...facts, tags: ['v0.1.0'], isChanged: true }).name).toMatch(/\.changed$/);
  });
});

test('the bill of materials is of what is installed, and the same each time', () => {
  const part = (name: string) => ({
    ...{ 'bom-ref': `${name}@1.0.0`, type: 'library', name, version: '1.0.0' },
    purl: `pkg:npm/${name}@1.0.0`,
  });
  const bom = (time: string) => ({
    serialNumber: `urn:uuid:${time}`,
    metadata: {
      timestamp: time,
      tools: [{ name: 'cli', version: time }],
      component: { version: '0.1.0' },
    },
    components: [part('here'), part('elsewhere')],
    dependencies: [
      { ref: 'here@1.0.0', dependsOn: ['elsewhere@1.0.0'] },
      { ref: 'elsewhere@1.0.0' },
    ],
  });
  const installed = new Set(['here@1.0.0']);
  const text = stable(bom('now'), { installed, version });
  expect(text).toBe(stable(bom('later'), { installed, version }));
  expect(text).not.toContain('elsewhere');
  expect(JSON.parse(text)).toMatchObject({
    serialNumber: expect.stringMatching(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    metadata: { timestamp: '2026-09-21T14:13:20.000Z', component: { version: '0.1.0' } },
  });
});

test("Debian's packages are read from its list of installed ones", () => {
  const status =
    'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.41-12+deb13u4\nDescription: x\n Version: 9\n\n' +
    'Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n';
  expect(debianComponents(status).map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/libc6@2.41-12%2Bdeb13u4?arch=amd64&distro=trixie',
  ]);
});

describe('the manual page', () => {
  const help = Object.values(COMMANDS)
    .map((each) => `finestreta ${each.usage}\n\n${each.help}\n`)
    .join('\n');

  test('has every command with its own words', () => {
    expect(commandsIn(help)).toEqual(
      Object.values(COMMANDS).map(({ usage, help }) => ({ usage, help })),
    );
  });

  test('has no line that roff would take for a request', () => {
    const lines = manualPage(help, version).split('\n');
    const requests = lines.filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]);
    expect(new Set(requests)).toEqual(new Set(['.TH', '.SH', '.TP', '.B', '.I', '.BR']));
  });
});

test('a package has the files that git knows, and no secret that lies beside them', () => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: work, stdio: 'pipe' });
  git('init', '--quiet');
  mkdirSync(join(work, 'deploy'));
  for (const name of ['known', 'secret', 'ignored']) writeFileSync(join(work, 'deploy', name), '');
  writeFileSync(join(work, '.gitignore'), 'ignored\n');
  git('add', 'deploy/known');
  expect(tracked(work, ['deploy']).map(({ path }) => path)).toEqual(['deploy/known']);
  expect(() => tracked(work, ['deploy', 'elsewhere'])).toThrow('elsewhere');
});

describe('the commands of packages', () => {
  test.each([launcher('node'), debianLauncher('node')])('are right for sh', (script) => {
    expect(() => execFileSync('sh', ['-n'], { input: script })).not.toThrow();
  });

  test('of Debian does not fall back to an empty installation where the settings are closed', () => {
    const run = () =>
      execFileSync('sh', ['-s', '--', 'doctor'], {
        input: debianLauncher('node').replace('/etc/finestreta/', `${work}/`),
        env: {},
        stdio: ['pipe', 'pipe', 'pipe'],
      });
    expect(run).toThrow(/can't be read/);
  });
});

describe('the image', () => {
  test('runs as a user without rights, with data in its volume, and says how to ask for its health', () => {
    expect(imageConfig({ platform: 'linux-x64', version }, [{ inner: 'sha256:1' }])).toMatchObject({
      architecture: 'amd64',
      config: {
        User: '60999:60999',
        Volumes: { '/data': {} },
        Healthcheck: { Test: ['CMD', '/usr/bin/finestreta', 'health'] },
      },
      rootfs: { diff_ids: ['sha256:1'] },
    });
  });

  test('adds its account to those of Debian', () => {
    const files = imageFiles([], { passwd: 'root:x:0:0::/root:/bin/sh\n', group: 'root:x:0:\n' });
    const passwd = files.find(({ path }) => path === 'etc/passwd');
    expect(passwd?.kind === 'file' && passwd.read().toString()).toBe(
      'root:x:0:0::/root:/bin/sh\nfinestreta:x:60999:60999:Finestreta:/data:/usr/sbin/nologin\n',
    );
  });
});

describe("Debian's unit", () => {
  const unit = readFileSync(join(ROOT, 'deploy/debian/finestreta.service'), 'utf8');

  test('stops a start that can not work, and begins only when there is a town', () => {
    expect(unit).toMatch(/^ExecStartPre=\/usr\/bin\/finestreta doctor --start$/m);
    expect(unit).toMatch(/^ConditionPathExists=\|\/etc\/finestreta\/town\.yaml$/m);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute/m);
  });

  test('gives the service time to end by itself, as do the other supervisors', () => {
    expect(STOPPING.finishMs).toBeLessThan(STOPPING.withinMs);
    const takes = STOPPING.mostDrainSeconds + STOPPING.withinMs / 1_000;
    const settings = [
      ['debian/finestreta.service', /^TimeoutStopSec=(\d+)$/m],
      ['compose/compose.yaml', /^ {2}finestreta:[\s\S]*?^ {4}stop_grace_period: (\d+)s$/m],
      ['chart/templates/_helpers.tpl', /^ {2}terminationGracePeriodSeconds: (\d+)$/m],
    ] as const;
    for (const [name, setting] of settings) {
      const file = readFileSync(join(ROOT, 'deploy', name), 'utf8');
      expect(Number(setting.exec(file)?.[1]), name).toBeGreaterThan(takes);
    }
    const schema = readFileSync(join(ROOT, 'deploy/chart/values.schema.json'), 'utf8');
    expect(schema).toContain(
      `"drainSeconds": { "type": "integer", "minimum": 0, "maximum": ${STOPPING.mostDrainSeconds} }`,
    );
  });

  test.each(['postinst', 'prerm', 'postrm', '../compose/secrets.sh', '../compose/database.sh'])(
    '%s is right for sh',
    (name) => {
      const script = readFileSync(join(ROOT, 'deploy/debian', name), 'utf8');
      expect(() => execFileSync('sh', ['-n'], { input: script })).not.toThrow();
    },
  );
});
