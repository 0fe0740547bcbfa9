import { isComparableName } from '../../../domain/identity.ts';
import { BLANKS } from '../../../domain/office/acts.ts';
import { checkDay, checkReference, checkRepeats, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { didYouMean, nameOf } from '../reading/words.ts';

/** Checks the acts that citizens consent to, and the officials who may carry them out. */
export function checkActs(office: Spot, root: Spot, tell: Tellers): void {
  const acts = office.get('acts').entries();
  for (const [, act] of acts) {
    checkBlanks(act.get('text'), tell);
    checkRepeats(act.get('procedures'), tell);
    for (const code of act.get('procedures').items())
      checkReference(code, office.get('procedures'), 'procedure', tell);
  }
  checkRegister(office.get('habilitated'), root, tell);
  if (acts.length > 0 && office.get('habilitated').items().length === 0) {
    tell.warning(
      office.get('acts').path,
      'Nobody is habilitated (habilitated), so nobody can prepare these acts (Ley 39/2015, art. 12.3).',
      'key',
    );
  }
}

/** Checks that every word in braces is a blank, and that every language has the same blanks. */
function checkBlanks(texts: Spot, { mistake }: Tellers): void {
  const written = texts.entries().map(([language, text]) => {
    const blanks = [...(text.text() ?? '').matchAll(/\{([^{}]*)\}/g)].map((each) => each[1] ?? '');
    for (const blank of blanks.filter((each) => !(BLANKS as readonly string[]).includes(each))) {
      const hint = didYouMean(blank, BLANKS) || ` There are: ${BLANKS.join(', ')}.`;
      mistake(text.path, `There is no blank {${blank}}.${hint}`, 'value', {
        kind: 'unknown_blank',
        values: { blank: `{${blank}}`, known: BLANKS.map((each) => `{${each}}`).join(', ') },
      });
    }
    return { language, text, blanks: new Set(blanks) };
  });
  for (const blank of BLANKS) {
    const has = written.find(({ blanks }) => blanks.has(blank));
    for (const { language, text } of written.filter(({ blanks }) => has && !blanks.has(blank)))
      mistake(
        text.path,
        `The text in ${has?.language} says {${blank}}, and the one in ${language} doesn't.`,
        'value',
        { kind: 'unlike_blanks', values: { blank: `{${blank}}`, language: String(has?.language) } },
      );
  }
}

function checkRegister(register: Spot, root: Spot, { mistake, warning }: Tellers): void {
  const accounts = root
    .get('staff')
    .items()
    .map((each) => each.get('email').text()?.toLowerCase());
  const spans: { email: string; since: string; until: string }[] = [];
  for (const entry of register.items()) {
    const [since, until] = [entry.get('since'), entry.get('until')];
    for (const each of [since, until]) checkDay(each, mistake);
    const email = entry.get('email').text()?.toLowerCase() ?? '';
    const span = { email, since: since.text() ?? '', until: until.text() ?? '9999-12-31' };
    if (span.until < span.since) {
      const message = `"until" (${until.text()}) is before "since" (${since.text()}).`;
      mistake(until.path, message, 'value', { kind: 'order' });
    }
    const isTwice = spans.some(
      (each) => each.email === email && each.since <= span.until && span.since <= each.until,
    );
    if (isTwice) {
      mistake(
        entry.path,
        `${email} is habilitated twice at the same time in ${nameOf(register.path)}.`,
        'value',
        { kind: 'overlap' },
      );
    }
    spans.push(span);
    checkName(entry.get('name'), warning);
    if (email && accounts.length > 0 && !accounts.includes(email)) {
      warning(entry.get('email').path, `No staff account of this file has the address ${email}.`);
    }
  }
}

/** Warns of a name that can't be compared with that of somebody who consents by identity. */
function checkName(name: Spot, warning: Tellers['warning']): void {
  const text = name.text() ?? '';
  if (text === '' || isComparableName(text)) return;
  warning(
    name.path,
    `"${text}" is one word. Write the whole name, or nobody can consent by identity to what they prepare unless their NIF is in the console.`,
  );
}
