/** The page's texts from the server; `{name}` in them is filled in. */
export type Words = (name: string, values?: Record<string, string>) => string;

export function readWords(template: HTMLTemplateElement): Words {
  const all = [...template.content.querySelectorAll<HTMLElement>('[data-word]')];
  const words = new Map(all.map((each) => [each.dataset.word ?? '', each.textContent ?? '']));
  return (name, values = {}) =>
    (words.get(name) ?? '').replaceAll(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
}
