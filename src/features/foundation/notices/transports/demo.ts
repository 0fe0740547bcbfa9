import type { Transport } from '../types.ts';

/** Transport of demo mode without a mail server: a message counts as delivered, since the demo's mailbox can show it. */
export const demoTransport: Transport = { send: async () => ({ ok: true }), close: () => {} };
