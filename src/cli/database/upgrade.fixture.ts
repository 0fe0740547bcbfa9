/** For tests: a process that brings the embedded database of argv[2] from the programs of argv[3] to those of argv[4]. */
import { upgradeTo } from './upgrade.ts';

const [dataDir = '', old = '', next = ''] = process.argv.slice(2);
await upgradeTo(dataDir, { old, next });
