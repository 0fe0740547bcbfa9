/** Narrows the documentation down to what has all the words. Without this script the list from A to Z stays. */

/** @typedef {{ href: string, title: string, page: string, words: string }} Part */

const fold = (/** @type {string} */ text) =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const parts = /** @type {Part[]} */ (globalThis.FINESTRETA_INDEX).map((each) => ({
  ...each,
  folded: fold(each.title),
}));
const field = document.getElementById('q');
const found = document.getElementById('found');
const count = document.getElementById('count');
const index = document.getElementById('index');
const MOST = 50;

/** How well a part answers: a word in its title counts most, the beginning of a word counts little. */
function rank(part, words) {
  let sum = 0;
  for (const word of words) {
    if (part.folded.includes(word)) sum += part.page === '' ? 6 : 5;
    else if (` ${part.words} `.includes(` ${word} `)) sum += 2;
    else if (` ${part.words}`.includes(` ${word}`)) sum += 1;
    else return 0;
  }
  return sum;
}

function entry({ href, title, page }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = href;
  link.textContent = title;
  item.append(link);
  if (page) {
    const where = document.createElement('span');
    where.className = 'soft';
    where.textContent = ` ${page}`;
    item.append(where);
  }
  return item;
}

function show() {
  const words = fold(field.value).match(/[\p{L}\p{N}_.-]{2,}/gu) ?? [];
  const isAsked = words.length > 0;
  const hits = isAsked
    ? parts
        .map((part) => ({ part, points: rank(part, words) }))
        .filter(({ points }) => points > 0)
        .sort((a, b) => b.points - a.points)
    : [];
  found.replaceChildren(...hits.slice(0, MOST).map(({ part }) => entry(part)));
  found.hidden = hits.length === 0;
  index.hidden = isAsked;
  const said = hits.length > 0 ? count.dataset.found : count.dataset.none;
  count.textContent = isAsked ? said.replace('{count}', String(hits.length)) : '';
}

field.value = new URLSearchParams(location.search).get('q') ?? '';
field.addEventListener('input', show);
document.getElementById('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const address = new URL(location.href);
  address.searchParams.set('q', field.value);
  history.replaceState(null, '', address);
  show();
});
show();
