import { type ChildProcess, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RENDERED, renderChart } from '../../scripts/package/rendered.ts';
import {
  childrenOf,
  ended,
  freePort,
  hasEnded,
  isRoot,
  keep,
  ROOT,
  until,
} from '../support/processes.ts';
import { containerCommand, unpackImage } from './support/image.ts';
import { copyProject, fileIn, largeFolder, makeAll, run } from './support/make.ts';
import { bareDebian, boot, inFolder, type System } from './support/system.ts';

/** Minutes of work, and tools that nothing else needs: only where it is asked for, before a release. */
const isReal = process.env['PACKAGES'] === 'real' && isRoot;
const MINUTES = 60_000;

/** The exposure that `systemd-analyze security` may give to the unit at most; 0 is the safest, 10 the worst. */
const MOST_EXPOSURE = 1.5;

let work = '';
let made = '';

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.status === 200;
}

/** Starts a program and waits until it serves. */
async function served(
  command: string[],
  port: number,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const [file = '', ...args] = command;
  const child = keep(spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  await until('it serves', async () => hasEnded(child) || (await isReady(port)), 120);
  if (hasEnded(child)) throw new Error(`It ended:\n${output}`);
  return child;
}

describe.skipIf(!isReal)('packages', { timeout: 10 * MINUTES }, () => {
  beforeAll(() => {
    work = largeFolder();
    made = join(work, 'made');
    makeAll(ROOT, made);
  }, 15 * MINUTES);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('made again elsewhere, with another umask and time zone, have the same bytes', {
    timeout: 20 * MINUTES,
  }, () => {
    const copy = join(work, 'copy');
    mkdirSync(copy);
    copyProject(copy);
    const again = makeAll(copy, join(work, 'again'), {
      UMASK: '077',
      TZ: 'Asia/Tokyo',
      LC_ALL: 'C',
    });
    expect(again).toBe(readFileSync(join(made, 'SHA256SUMS'), 'utf8'));
    run(['sha256sum', '--check', '--strict', 'SHA256SUMS'], { cwd: made });
    rmSync(copy, { recursive: true });
  });

  test('the tarball serves the demo with an empty environment, is examined and backed up', async () => {
    const folder = join(work, 'tarball');
    mkdirSync(folder);
    run(['tar', '-xzf', fileIn(made, '.tar.gz'), '-C', folder]);
    const program = join(folder, readdirSync(folder)[0]!, 'bin', 'finestreta');
    const port = await freePort();
    const env = { PORT: String(port), RUN_AS: 'root' };
    const command = (...args: string[]) => run([program, ...args], { env, cwd: '/' });
    const child = await served([program, 'demo'], port, env);
    const page = await (
      await fetch(`http://127.0.0.1:${port}/ca`, { headers: { host: `localhost:${port}` } })
    ).text();
    expect(page).toContain('Vilaclara');
    expect(command('health')).toBe('ready\n');
    expect(command('doctor')).not.toContain('WRONG');
    const backup = join(folder, 'backup.gz');
    expect(command('backup', backup, '--unencrypted')).toContain('Backed up');
    expect(statSync(backup).size).toBeGreaterThan(10_000);
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
  });

  test('the image serves from a root that can not be written, as a user without rights', async () => {
    const root = join(work, 'image');
    const data = join(work, 'data');
    const settings = unpackImage(fileIn(made, '.oci.tar'), root, join(work, 'layers'));
    mkdirSync(data);
    chownSync(data, 60_999, 60_999);
    const port = await freePort();
    const env = { PORT: String(port), HOST: '127.0.0.1', DEMO: '1' };
    const container = { root, data, settings, env };
    const child = await served(
      containerCommand(container, [...settings.Entrypoint, ...settings.Cmd]),
      port,
      { PATH: process.env['PATH'] },
    );
    expect(run(containerCommand(container, ['/usr/bin/finestreta', 'health']))).toBe('ready\n');
    expect(run(containerCommand(container, ['/usr/bin/id', '-u']))).toBe('60999\n');
    expect(() => run(containerCommand(container, ['/usr/bin/touch', '/usr/lib/x']))).toThrow(
      'Read-only',
    );
    expect(statSync(join(data, 'keys')).uid).toBe(60_999);
    // The signal of whoever stops a container goes to its first process.
    const [first = 0] = childrenOf(child.pid ?? 0);
    process.kill(first, 'SIGTERM');
    expect(await ended(child)).toBe(0);
    expect(existsSync(join(data, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);
  });

  test('the chart renders to what is kept, strictly of the types of Kubernetes', () => {
    expect(renderChart()).toBe(readFileSync(RENDERED, 'utf8').replace(/^.*\n/, ''));
    const bad = join(work, 'bad.yaml');
    const example = readFileSync(join(ROOT, 'deploy/chart/values.example.yaml'), 'utf8');
    writeFileSync(bad, `${example}web: { resources: { limitz: {} } }\n`);
    expect(() => renderChart(bad)).toThrow('limitz');
  });
});

describe.skipIf(!isReal)('the Debian package', { timeout: 10 * MINUTES }, () => {
  let root = '';
  let system: System | null = null;
  let deb = '';
  beforeAll(() => {
    work = largeFolder();
    run(['node', 'scripts/run.mjs', 'scripts/package.ts', 'deb', join(work, 'made')], {
      cwd: ROOT,
    });
    deb = fileIn(join(work, 'made'), '.deb');
    root = join(work, 'root');
    bareDebian(root);
    run(['cp', deb, join(root, 'root', 'package.deb')]);
  }, 10 * MINUTES);
  afterAll(async () => {
    await system?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  test('is one for Debian: its files, owners and sums', () => {
    expect(run(['dpkg-deb', '--info', deb])).toContain('Package: finestreta');
    const files = run(['dpkg-deb', '--contents', deb]);
    expect(files).toMatch(/^-rw-r----- root\/root .* \.\/etc\/finestreta\/finestreta\.env$/m);
    expect(files.split('\n').filter((line) => line && !line.includes(' root/root '))).toEqual([]);
    const manual = run([
      'sh',
      '-c',
      'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/man/man1/finestreta.1.gz | gunzip | mandoc -T lint -W warning',
      deb,
    ]);
    expect(manual).toBe('');
  });

  test('installs in a bare system, asks nothing and starts nothing', () => {
    inFolder(root, 'dpkg', '--install', '/root/package.deb');
    expect(
      inFolder(
        root,
        'stat',
        '-c',
        '%U:%G %a',
        '/etc/finestreta',
        '/etc/finestreta/finestreta.env',
        '/var/lib/finestreta',
      )
        .trim()
        .split('\n'),
    ).toEqual(['root:finestreta 750', 'root:finestreta 640', 'finestreta:finestreta 750']);
    expect(readdirSync(join(root, 'var/lib/finestreta'))).toEqual([]);
    expect(inFolder(root, 'dpkg', '--verify', 'finestreta')).toBe('');
  });

  test('has a unit that systemd finds right, and hardly exposed', () => {
    const unit = 'finestreta.service';
    run(['systemd-analyze', 'verify', '--man=no', `--root=${root}`, unit]);
    const report = run([
      'systemd-analyze',
      'security',
      '--offline=true',
      '--no-pager',
      `--threshold=${MOST_EXPOSURE * 10}`,
      `--root=${root}`,
      unit,
    ]);
    const score = Number(/exposure level for finestreta\.service: ([\d.]+)/.exec(report)?.[1]);
    console.log(`systemd-analyze security: ${score} of 10 (at most ${MOST_EXPOSURE})`);
    expect(score).toBeLessThanOrEqual(MOST_EXPOSURE);
  });

  test('serves under systemd once there is a town, as it is hardened', async () => {
    system = await boot(root);
    system.run('systemctl', 'enable', 'finestreta');
    system.run('systemctl', 'start', 'finestreta');
    expect(stateOf(system)).toBe('inactive');
    run([
      'cp',
      '-r',
      join(ROOT, 'towns/vilaclara.yaml'),
      join(ROOT, 'towns/vilaclara'),
      join(root, 'root'),
    ]);
    system.run('cp', '-r', '/root/vilaclara', '/etc/finestreta/');
    system.run('cp', '/root/vilaclara.yaml', '/etc/finestreta/town.yaml');
    system.run('systemctl', 'start', 'finestreta');
    expect(stateOf(system)).toBe('active');
    expect(system.run('finestreta', 'health')).toBe('ready\n');
    const pid = system
      .run('systemctl', 'show', '--value', '--property=MainPID', 'finestreta')
      .trim();
    const status = system.run('cat', `/proc/${pid}/status`);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  test('keeps keys from others, and secrets out of arguments and log', () => {
    const open = system!.run(
      'find',
      '/var/lib/finestreta',
      '/etc/finestreta',
      '-perm',
      '/007',
      '!',
      '-type',
      'l',
    );
    expect(
      open
        .trim()
        .split('\n')
        .filter((path) => path && !path.startsWith('/etc/finestreta/')),
    ).toEqual([]);
    const key = readFileSync(join(root, 'var/lib/finestreta/keys/installation.key'), 'utf8').trim();
    const passwords = Object.values(
      JSON.parse(readFileSync(join(root, 'var/lib/finestreta/keys/database.json'), 'utf8')),
    );
    const seen = system!.run(
      'sh',
      '-c',
      'cat /proc/[0-9]*/cmdline | tr "\\0" " "; journalctl --no-pager',
    );
    for (const secret of [key, ...passwords]) expect(seen.includes(String(secret))).toBe(false);
    expect(() => system!.run('runuser', '-u', 'nobody', '--', 'finestreta', 'doctor')).toThrow(
      'as root',
    );
  });

  test('stops a start that can not work, and says why', () => {
    const settings = join(root, 'etc/finestreta/finestreta.env');
    const before = readFileSync(settings);
    writeFileSync(settings, `${before}\nPORT=many\n`);
    expect(() => system!.run('systemctl', 'restart', 'finestreta')).toThrow();
    expect(system!.run('journalctl', '--no-pager', '-u', 'finestreta', '-n', '30')).toContain(
      'PORT must be',
    );
    writeFileSync(settings, before);
    system!.run('systemctl', 'restart', 'finestreta');
    expect(stateOf(system!)).toBe('active');
  });

  test('is upgraded under the running service: it stops, starts again, and loses nothing', () => {
    const staff = [
      'finestreta',
      'staff',
      'add',
      'anna@vilaclara.example',
      '--name',
      'Anna',
      '--office',
      'oac',
      '--role',
      'coordinator',
    ];
    system!.run(...staff);
    const pid = () =>
      system!.run('systemctl', 'show', '--value', '--property=MainPID', 'finestreta');
    const before = pid();
    system!.run('dpkg', '--install', '/root/package.deb');
    expect(stateOf(system!)).toBe('active');
    expect(pid()).not.toBe(before);
    const invite = (name: string) =>
      system!.run('finestreta', 'staff', 'invite', `${name}@vilaclara.example`);
    expect(invite('anna')).toContain('Give this link to Anna');
    expect(() => invite('nobody')).toThrow();
    expect(system!.run('finestreta', 'doctor')).toContain('The root key is there');
  });

  test('stays stopped at an upgrade when it was stopped', () => {
    system!.run('systemctl', 'stop', 'finestreta');
    expect(system!.run('journalctl', '--no-pager', '-u', 'finestreta', '-n', '5')).toContain(
      'Deactivated successfully',
    );
    system!.run('dpkg', '--install', '/root/package.deb');
    expect(stateOf(system!)).toBe('inactive');
  });

  test('leaves the data when it is purged, and takes the settings away', () => {
    system!.run('systemctl', 'start', 'finestreta');
    system!.run('dpkg', '--purge', 'finestreta');
    expect(existsSync(join(root, 'var/lib/finestreta/keys/installation.key'))).toBe(true);
    expect(existsSync(join(root, 'etc/finestreta/finestreta.env'))).toBe(false);
    expect(existsSync(join(root, 'etc/finestreta/town.yaml'))).toBe(true);
    expect(existsSync(join(root, 'usr/lib/finestreta'))).toBe(false);
    const enabled = readdirSync(join(root, 'etc/systemd/system/multi-user.target.wants'));
    expect(enabled).not.toContain('finestreta.service');
  });
});

/** Returns what systemd says of the service. */
const stateOf = (system: System): string =>
  system.run('sh', '-c', 'systemctl is-active finestreta || true').trim();
