import { expect, test } from 'vitest';
import { checkSecrets } from './secrets.ts';

// Each secret is built from pieces: the check reads this file too and would report a whole one.
const BASE64 = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7';
const pem = (kind: string) => `-----BEGIN ${kind}-----`;

const kindsIn = (text: string) =>
  checkSecrets([{ path: 'a.ts', text }]).map(({ message }) => message.replace(/:.*/, ''));

test.each([
  ['a private key (PEM)', `${pem('PRIVATE KEY')}\n${BASE64}\n`],
  ['a private key (PEM)', `const key = '${pem('RSA PRIVATE KEY')}\\n${BASE64}\\n'`],
  ['a private key (PEM)', `key: |\n  ${pem('OPENSSH PRIVATE KEY')}\n  ${BASE64}\n`],
  ['a private key (PEM)', `${pem('PGP PRIVATE KEY BLOCK')}\nVersion: 1\n\n${BASE64}\n`],
  [
    'a private key (PEM)',
    `${pem('EC PRIVATE KEY')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n${BASE64}\n`,
  ],
  ['an age identity', `AGE-SECRET-KEY-1${'QPZRY9X8'.repeat(7)}GF`],
  ['an age identity', `AGE-SECRET-KEY-PQ-1${'QPZRY9X8'.repeat(7)}GF`],
  ['an API token of Finestreta', `Authorization: Bearer fin_${'aB3-'.repeat(8)}`],
  ['a webhook secret', `whsec_${'aB3+'.repeat(8)}`],
  ['a root key', `INSTALLATION_KEY=${'aB3+'.repeat(11).slice(0, 43)}=`],
  ['a root key', `INSTALLATION_KEY_NEXT: "${'aB3+'.repeat(11).slice(0, 43)}="`],
  ['an access key of AWS', `AKIA${'Q2W3'.repeat(4)}`],
  ['a secret key of AWS', `aws_secret_access_key = ${'aB3/'.repeat(10)}`],
  ['a secret key of AWS', `awsSecretKey: '${'aB3/'.repeat(10)}'`],
  ['an API key of Google', `AIza${'aB3-_'.repeat(7)}`],
  ['a storage key of Azure', `AccountName=a;AccountKey=${'aB'.repeat(43)}==`],
  ['a token of GitHub', `ghp_${'aB3'.repeat(12)}`],
  ['a token of GitHub', `github_pat_${'aB3_'.repeat(20)}`],
  ['a token of GitLab', `glpat-${'aB3_'.repeat(5)}`],
  ['a token of npm', `//host/:_authToken=npm_${'aB3'.repeat(12)}`],
  ['a token of Slack', `xoxb-${'123-'.repeat(6)}`],
])('%s is found (%#)', (kind, text) => {
  expect(kindsIn(`before\n${text}\nafter`)).toEqual([kind]);
});

test.each([
  `text.includes('${pem('PRIVATE KEY')}')`,
  `${pem('PRIVATE KEY')}\n…\n-----END PRIVATE KEY-----`,
  `${pem('PUBLIC KEY')}\n${BASE64}`,
  `lines that begin with AGE-SECRET-KEY-1`,
  `a recipient, age1${'qpzry9x8'.repeat(7)}gf`,
  'token=fin_…',
  `/fin_[\\w-]{32}/`,
  `fin_${'a'.repeat(31)}`,
  `whsec_…`,
  'INSTALLATION_KEY=$(head -c 32 /dev/urandom | base64)',
  `"integrity": "sha512-${'aB3+'.repeat(21)}aA=="`,
])('a text that only looks like one is not (%#)', (text) => {
  expect(kindsIn(text)).toEqual([]);
});

test('a finding names the place, and never repeats the secret', () => {
  const secret = `glpat-${'aB3_'.repeat(5)}`;
  const findings = checkSecrets([{ path: 'deploy/a.env', text: `A=1\nB=${secret}\n` }]);
  expect(findings).toEqual([{ path: 'deploy/a.env', line: 2, message: expect.any(String) }]);
  expect(JSON.stringify(findings)).not.toContain(secret);
});
