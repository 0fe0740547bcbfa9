import { describe, expect, it } from 'vitest';
import { newSecret } from '../secrets.ts';
import { giveSecret, secretIn } from './secret-cookie.ts';

const asked = { name: 'ours', path: '/staff', seconds: 60 };

describe('a secret in a cookie', () => {
  it.each(['http://localhost:3000', 'https://cita.example'])(
    'comes back as it was given, from %s',
    (url) => {
      const secret = newSecret();
      const [sent = ''] = giveSecret(url, { ...asked, secret }).split(';');
      expect(secretIn(`a=1; ${sent}; b=2`, 'ours')).toBe(secret);
      expect(secretIn(sent, 'other')).toBe('');
    },
  );

  it('is none when it isn’t one of ours', () => {
    expect(secretIn('ours=short', 'ours')).toBe('');
    expect(secretIn('', 'ours')).toBe('');
  });

  it('is kept from scripts and from other sites’ forms, and over https from what has no certificate', () => {
    const given = giveSecret('https://cita.example', { ...asked, secret: 'x' });
    expect(given).toBe('__Secure-ours=x; Max-Age=60; Path=/staff; HttpOnly; SameSite=Lax; Secure');
    expect(giveSecret('http://localhost', { ...asked, secret: 'x' })).not.toMatch(/secure/i);
  });
});
