/** Keeps the citizen's page current while they wait at a site: it fetches the page again, and reads out when they are called. */
const EVERY_MS = 10_000;

const region = document.getElementById('check-in');

/** Takes the state from the current page. Equal parts stay, so that nothing is read out twice. */
async function look(): Promise<void> {
  if (!region || document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const now = page.getElementById('check-in');
    // The wait is over: the whole page has changed.
    if (!now) return location.reload();
    if (now.dataset.stands === region.dataset.stands) return;
    region.dataset.stands = now.dataset.stands ?? '';
    region.replaceChildren(...now.childNodes);
    for (const part of ['main h1', 'main .tag']) {
      const news = page.querySelector(part);
      if (news) document.querySelector(part)?.replaceChildren(...news.childNodes);
    }
    document.title = page.title;
  } catch {
    // Without a connection the page stays unchanged, and is fetched again later.
  }
}

if (region) {
  setInterval(() => void look(), EVERY_MS);
  document.addEventListener('visibilitychange', () => void look());
}
