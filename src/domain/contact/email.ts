/** Domains of many citizens, the most common first, for correcting typos. */
const COMMON = [
  'gmail.com',
  'hotmail.com',
  'hotmail.es',
  'yahoo.es',
  'outlook.com',
  'outlook.es',
  'icloud.com',
  'yahoo.com',
  'telefonica.net',
  'movistar.es',
  'gencat.cat',
  'euskadi.eus',
  'googlemail.com',
  'protonmail.com',
  'terra.com',
  'terra.es',
  'wanadoo.es',
  'orange.es',
  'vodafone.es',
  'euskaltel.net',
];

/** Real domains that look like a typo of another: never corrected. */
const REAL: ReadonlySet<string> = new Set([
  ...COMMON,
  ...['mail.com', 'email.com', 'ymail.com', 'gmx.com', 'gmx.es', 'gmx.net', 'gmx.de', 'hotmail.fr'],
  ...['hotmail.it', 'hotmail.de', 'hotmail.be', 'hotmail.ch', 'hotmail.co.uk', 'hotmail.com.ar'],
  ...['hotmail.com.br', 'hotmail.com.mx', 'outlook.fr', 'outlook.it', 'outlook.de', 'outlook.pt'],
  ...['outlook.cl', 'outlook.com.ar', 'outlook.com.br', 'yahoo.fr', 'yahoo.it', 'yahoo.de'],
  ...['yahoo.se', 'yahoo.ca', 'yahoo.in', 'yahoo.ro', 'yahoo.gr', 'yahoo.co', 'yahoo.co.uk'],
  ...['yahoo.com.ar', 'yahoo.com.mx', 'yahoo.com.br', 'yahoo.co.in', 'terra.cl'],
  ...['orange.fr', 'wanadoo.fr', 'movistar.com', 'movistar.net', 'vodafone.com', 'euskaltel.com'],
  ...['xtec.cat', 'upc.edu', 'ub.edu', 'uab.cat', 'upf.edu', 'udg.edu', 'udl.cat', 'urv.cat'],
  ...['ehu.eus', 'ehu.es', 'live.com', 'live.es', 'msn.com', 'me.com', 'mac.com', 'proton.me'],
]);

const labelOf = (domain: string): string => domain.split('.')[0] ?? '';
/** Targets of typo correction: short domains are too similar to each other. */
const MEANT = [...REAL].filter((domain) => labelOf(domain).length >= 5);

/** Wrong endings and their corrections. */
const ENDINGS: readonly [RegExp, string][] = [
  [/\.(?:con|cmo|ocm|comm|coom|vom|xom|cpm|cim|cmm|c0m|clm|coml|como)$/, '.com'],
  [/\.(?:cta|catt|caat|cst|cay)$/, '.cat'],
  [/\.(?:ess|ed)$/, '.es'],
  [/\.(?:nte|ent|nett|met)$/, '.net'],
  [/\.(?:rog|ogr|orgg)$/, '.org'],
  [/\.(?:esu|euss)$/, '.eus'],
];

/** Removes spaces, a final full stop and characters from copying; changes capitals to small letters. */
export function tidyEmail(typed: string): string {
  if (typed.length > 1000) return typed; // far too long, and too slow for patterns
  return typed
    .normalize('NFC')
    .replaceAll(/\p{Cf}/gu, '')
    .trim()
    .replace(/^mailto:/i, '')
    .replaceAll(/\s*([@.])\s*/g, '$1')
    .replace(/[.,;]+$/, '')
    .toLowerCase();
}

/** Returns whether an address looks valid. Only a mail can show whether it exists. Domains of any script are accepted (RFC 5890). */
export function isEmail(address: string): boolean {
  const [local = '', domain = '', ...more] = address.split('@');
  if (more.length > 0 || new TextEncoder().encode(local).length > 64) return false;
  if (!/^[^\s.<>(),;:"[\]\\]+(\.[^\s.<>(),;:"[\]\\]+)*$/.test(local)) return false;
  const ascii = asciiDomain(domain);
  if (!ascii || ascii.length > 253) return false;
  const labels = ascii.split('.');
  const isLabel = (label: string) => /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(label);
  return labels.length > 1 && labels.every(isLabel) && /^([a-z]{2,}|xn--.+)$/.test(labels.at(-1)!);
}

function asciiDomain(domain: string): string | null {
  if (/[\s/\\?#:%]/.test(domain)) return null; // the part that a web address would cut off
  const url = URL.parse(`http://${domain}`);
  return url?.username === '' ? url.hostname : null;
}

/**
 * Returns the probably intended address: a common domain with a typo (gmial.com), a wrong ending (.con), or an accent, which
 * addresses rarely have. Null when nothing looks wrong. The citizen must confirm it, since it is a guess.
 */
export function suggestEmail(address: string): string | null {
  const at = address.lastIndexOf('@');
  if (at < 1) return null;
  const [local, domain] = [address.slice(0, at), address.slice(at + 1).toLowerCase()];
  const plain = local.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l');
  const meant = `${isAscii(plain) ? plain : local}@${suggestDomain(domain)}`;
  return meant !== address && isEmail(meant) ? meant : null;
}

const isAscii = (text: string): boolean => /^[!-~]+$/.test(text);

function suggestDomain(domain: string): string {
  if (REAL.has(domain)) return domain;
  const ending = ENDINGS.find(([wrong]) => wrong.test(domain));
  const mended = ending ? domain.replace(ending[0], ending[1]) : domain;
  if (REAL.has(mended)) return mended;
  // Google's mail has one ending; other firms have many.
  if (/^gmail(\.|$)/.test(mended)) return 'gmail.com';
  const near = MEANT.map((each) => ({ each, far: slips(mended, each) }))
    .filter(({ each, far }) => far <= (labelOf(each).length >= 7 ? 2 : 1))
    .sort((a, b) => a.far - b.far)[0];
  return near?.each ?? mended;
}

/** Returns the number of letters left out, added, changed, or swapped with the next (Damerau, optimal string alignment). */
export function slips(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: b.length + 1 }, (_, j) => j),
  ];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
