import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, permissionsPolicy, securityHeaders } from './security.ts';

const app = new Hono();
app.use(securityHeaders('https://cita.vilaclara.cat'));
app.get('/plain', (c) => c.text(''));
app.get('/call', (c) => {
  c.header('Permissions-Policy', permissionsPolicy(['camera']));
  return c.text('');
});

const policyOf = async (path: string) =>
  (await app.request(path)).headers.get('Permissions-Policy');

test('a page may use none of the reader’s devices by default', async () => {
  expect(await policyOf('/plain')).toMatch(/^camera=\(\), microphone=\(\), display-capture=\(\), /);
  expect(await policyOf('/call')).toMatch(/^camera=\(self\), microphone=\(\), /);
  expect(await policyOf('/nowhere')).toMatch(/^camera=\(\), /);
});

test('a page’s scripts connect to us, and to more named origins', () => {
  const exchange = 'wss://sip.vilaclara.cat:8443';
  const policy = contentSecurityPolicy({
    script: true,
    connect: [exchange, 'wss://parla.vilaclara.cat'],
  });
  expect(policy).toContain(`; connect-src 'self' ${exchange} wss://parla.vilaclara.cat; `);
  expect(contentSecurityPolicy({ script: true })).toContain("; connect-src 'self'; ");
  expect(contentSecurityPolicy({ connect: [exchange] })).not.toContain('connect-src');
});
