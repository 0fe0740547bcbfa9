/** What a browser would send of the page's form of the administration, without its buttons. */
export function fieldsIn(html: string): URLSearchParams {
  const form = /<form method="post"[^>]*class="form admin"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const sent = new URLSearchParams();
  for (const [tag, text] of tagsIn(form)) {
    const attribute = (name: string) =>
      decoded(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
    const type = attribute('type');
    const isOff = (type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag);
    if (attribute('name') && !isOff) sent.append(attribute('name'), text ?? attribute('value'));
  }
  return sent;
}

const tagsIn = (html: string): [string, string | null][] =>
  [...html.matchAll(/<input[^>]*>|<textarea[^>]*>([\s\S]*?)<\/textarea>/g)].map((each) => [
    each[0],
    each[1] === undefined ? null : decoded(each[1]),
  ]);

export const decoded = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
