/** Keeps the citizen's place in the line true while they wait: it fetches the page again, and follows it where it leads on. */
const EVERY_MS = 15_000;

const region = document.getElementById('line');

const wordsOf = (line: Element): string => line.querySelector('strong')?.textContent ?? '';

async function look(): Promise<void> {
  if (!region || document.hidden) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    // The appointment is over: its page says what follows.
    if (response.redirected) return location.replace(response.url);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const now = page.getElementById('line');
    // The wait is over: the whole page has changed.
    if (!now) return location.reload();
    // Equal words stay, so that nothing is read out twice.
    if (wordsOf(now) === wordsOf(region)) return;
    region.replaceChildren(...now.childNodes);
  } catch {
    // Without a connection the words stay, and are fetched again later.
  }
}

if (region) {
  setInterval(() => void look(), EVERY_MS);
  document.addEventListener('visibilitychange', () => void look());
}

export {};
