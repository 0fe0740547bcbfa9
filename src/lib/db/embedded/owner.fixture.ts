/** For tests: a process that owns the embedded database of argv[2] and writes rows until it dies. */
import pg from 'pg';
import { startEmbedded } from '../embedded.ts';

const embedded = await startEmbedded({
  dataDir: process.argv[2] ?? '',
  log: { info() {}, warn() {} },
});
const client = new pg.Client(embedded.logins.owner);
client.on('error', () => process.exit(1));
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS written (n int PRIMARY KEY)');
const { rows } = await client.query('SELECT coalesce(max(n), 0) AS last FROM written');
console.log(`database ${embedded.pid}`);
for (let n = rows[0].last + 1; ; n++) {
  await client.query('INSERT INTO written VALUES ($1)', [n]);
  console.log(`acknowledged ${n}`);
}
