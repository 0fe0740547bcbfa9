import { connect } from 'node:tls';

const PATIENCE_MS = 3_000;

/** Returns until when the certificate of an https address is valid; null: it has none, or can't be reached from here. */
export function certificateUntil(address: string): Promise<Temporal.Instant | null> {
  const { protocol, hostname, port } = new URL(address);
  if (protocol !== 'https:') return Promise.resolve(null);
  return new Promise((resolve) => {
    // A certificate that is refused by browsers has an end too, and that may be the reason.
    const options = { host: hostname, port: Number(port || 443), servername: hostname };
    const socket = connect({ ...options, rejectUnauthorized: false, timeout: PATIENCE_MS }, () => {
      const { valid_to: until } = socket.getPeerCertificate();
      socket.destroy();
      const at = Date.parse(until ?? '');
      resolve(Number.isNaN(at) ? null : Temporal.Instant.fromEpochMilliseconds(at));
    });
    socket.once('timeout', () => socket.destroy());
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(null));
  });
}
