import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Locked, runtimePaths } from '../lib/runtime.mjs';
import type { Version } from './version.ts';

/** What the bill of materials says of one part. */
export interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
}

/**
 * Returns the software bill of materials of a package (CycloneDX, JSON): that of `npm run sbom`, of what is installed for this platform, with
 * the time of the commit and a number that follows from the content, so that the same tree gives the same bytes.
 * @param root the project's folder
 * @param more what the package has beside, such as the packages of Debian in an image
 */
export function packageSbom(
  root: string,
  version: Version,
  more: readonly Component[] = [],
): string {
  const text = execFileSync(process.execPath, [join(root, 'scripts', 'sbom.mjs')], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stable(JSON.parse(text), { installed: installedIn(root), version, more });
}

/** Returns what runs and is installed, as `name@version`. */
function installedIn(root: string): Set<string> {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const paths = [...runtimePaths(packages)].filter((path) => existsSync(join(root, path)));
  return new Set(
    paths.map((path) => `${path.replace(/^.*node_modules\//, '')}@${packages[path]?.version}`),
  );
}

interface Bom {
  serialNumber?: string;
  metadata: {
    timestamp?: string;
    tools?: { version?: string }[];
    component: { version: string };
  };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** Returns the document of what is installed, without what changes from one run to the next. Pure. */
export function stable(
  bom: Bom,
  facts: { installed: ReadonlySet<string>; version: Version; more?: readonly Component[] },
): string {
  const isGone = ({ name, version }: Component) => !facts.installed.has(`${name}@${version}`);
  const gone = new Set(bom.components.filter(isGone).map((each) => each['bom-ref']));
  const tools = (bom.metadata.tools ?? []).map(({ version: _, ...tool }) => tool);
  const component = { ...bom.metadata.component, version: facts.version.name };
  const timestamp = new Date(facts.version.time * 1000).toISOString();
  const { serialNumber: _, ...rest } = bom;
  const content = {
    ...rest,
    metadata: { ...bom.metadata, timestamp, tools, component },
    components: [
      ...bom.components.filter((each) => !gone.has(each['bom-ref'])),
      ...(facts.more ?? []),
    ],
    dependencies: bom.dependencies
      .filter(({ ref }) => !gone.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: dependsOn.filter((each) => !gone.has(each)),
      })),
  };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  // The form of UUIDs that are made from content by a hash of one's own (RFC 9562, 5.8).
  const uuid = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return `${JSON.stringify({ ...content, serialNumber: `urn:uuid:${uuid}` }, null, 2)}\n`;
}
