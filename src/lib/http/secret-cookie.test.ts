import { describe, expect, it } from 'vitest';
import { newSecret } from '../secrets.ts';
import { cookieName, giveCookie, giveSecret, secretIn, takeCookies } from './secret-cookie.ts';

const HTTP = 'http://localhost:3000';
const HTTPS = 'https://cita.example';
const asked = { name: 'ours', seconds: 60 };

describe('a secret in a cookie', () => {
  it.each([HTTP, HTTPS])('is read as it was given, from %s', (url) => {
    const secret = newSecret();
    const [sent = ''] = giveSecret(url, { ...asked, secret }).split(';');
    expect(secretIn(`a=1; ${sent}; b=2`, 'ours', url)).toBe(secret);
    expect(secretIn(sent, 'other', url)).toBe('');
  });

  it('is ignored when it has another form', () => {
    expect(secretIn('ours=short', 'ours', HTTP)).toBe('');
    expect(secretIn('', 'ours', HTTP)).toBe('');
  });

  it('is ignored over https when another host of the domain may have written it', () => {
    const secret = newSecret();
    for (const name of ['ours', '__Secure-ours', 'x__Host-ours'])
      expect(secretIn(`${name}=${secret}`, 'ours', HTTPS)).toBe('');
    expect(secretIn(`ours=${newSecret()}; __Host-ours=${secret}`, 'ours', HTTPS)).toBe(secret);
  });

  it('is hidden from scripts, from other sites’ forms and from other hosts', () => {
    const given = giveSecret(HTTPS, { ...asked, secret: 'x' });
    expect(given).toBe('__Host-ours=x; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure');
    expect(giveCookie(HTTP, { name: 'ours', value: 'x', seconds: 0 })).toBe(
      'ours=x; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('is removed with all cookies whose names begin alike', () => {
    const sent = '__Host-papers_a=1; papers_b=2; __Host-other=3; __Host-papers_c=4';
    expect(takeCookies(sent, 'papers_', HTTPS).map((each) => each.split(';')[0])).toEqual([
      '__Host-papers_a=',
      '__Host-papers_c=',
    ]);
  });

  it('has one name, which depends only on https', () => {
    expect(cookieName(HTTPS, 'a')).toBe('__Host-a');
    expect(cookieName(HTTP, 'a')).toBe('a');
  });
});
