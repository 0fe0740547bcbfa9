import { Secret, TOTP } from 'otpauth';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Staff } from '../../features/foundation/staff/service.ts';
import type { DemoAccess } from '../../features/foundation/staff/types.ts';
import type { Tokens } from '../../features/foundation/tokens/service.ts';
import { systemClock } from '../../lib/clock.ts';

export interface AccessDeps {
  offices: Pick<Offices, 'list'>;
  staff: Pick<Staff, 'demoAccess'>;
  tokens: Pick<Tokens, 'seedDemo'>;
}

/** The public log-ins of demo mode. */
export interface Access {
  staff: DemoAccess[];
  /** The keys are the offices' codes. */
  tokens: Record<string, string>;
}

export async function readAccess({ offices, staff, tokens }: AccessDeps): Promise<Access> {
  const all = await offices.list();
  const made = await Promise.all(
    all.map(async (office) => [office.code, await tokens.seedDemo(office)] as const),
  );
  return {
    staff: await staff.demoAccess(),
    tokens: Object.fromEntries(made),
  };
}

/**
 * Returns the code that a telephone shows now: by the machine's clock, as telephones do, not by the demo's.
 */
export const codeNow = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: systemClock.now().epochMilliseconds,
  });
