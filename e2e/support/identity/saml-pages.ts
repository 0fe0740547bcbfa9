import type { SamlForm, SamlPerson } from './saml-idp.ts';

const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>p { overflow-wrap: anywhere; }</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;

/** The page on which somebody says who they are, or stops. */
export function choicePage(
  request: { id: string; issuer: string; level: string },
  people: readonly SamlPerson[],
): string {
  const asked = request.level.split('/').at(-1);
  const persons = people.map(
    ({ label }, index) =>
      `<p><label><input type="radio" name="person" value="${index}"${index === 0 ? ' checked' : ''}> ${safe(label)}</label></p>`,
  );
  const levels = ['low', 'substantial', 'high'].map(
    (level) => `<option${level === asked ? ' selected' : ''}>${level}</option>`,
  );
  return page(
    'Stand-in for Cl@ve',
    `<p>${safe(request.issuer)} asks who you are.</p><form method="post" action="/chosen">` +
      `<input type="hidden" name="request" value="${safe(request.id)}">` +
      `<fieldset><legend>Who are you?</legend>${persons.join('')}</fieldset>` +
      `<p><label>Level <select name="level">${levels.join('')}</select></label></p>` +
      '<p><button name="answer" value="yes">Identify</button> <button name="answer" value="cancel">Cancel</button> ' +
      '<button name="answer" value="deny">Be denied</button> <button name="answer" value="away">Be out of order</button></p></form>',
  );
}

/** The page that posts an answer by itself, with a button where there are no scripts (saml-bindings-2.0-os, 3.5). */
export function formPage({ url, fields }: SamlForm): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${safe(name)}" value="${safe(value)}">`,
  );
  return page(
    'Back to the town',
    `<form method="post" action="${safe(url)}">${inputs.join('')}<button>Continue</button></form>` +
      '<script>document.forms[0].submit()</script>',
  );
}
