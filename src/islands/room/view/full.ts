/**
 * Lets the room fill the window while the call runs, or gives the page back. An on-screen keyboard shrinks what is seen: the room follows it,
 * so that the picture stays in sight while somebody types. Browsers that shrink the page themselves (`interactive-widget`) need nothing.
 */
export function fillWindow(place: HTMLElement, isFull: boolean): void {
  document.documentElement.toggleAttribute('data-room', isFull);
  if (isFull && !watched.has(place)) follow(place);
}

const watched = new WeakSet<HTMLElement>();

function follow(place: HTMLElement): void {
  const seen = window.visualViewport;
  watched.add(place);
  if (!seen) return;
  const follows = () => {
    // Magnified by the reader: the room stays, and they move over it.
    if (seen.scale > 1.01) return;
    place.style.setProperty('--seen-height', `${seen.height}px`);
    place.style.setProperty('--seen-top', `${seen.offsetTop}px`);
  };
  seen.addEventListener('resize', follows);
  seen.addEventListener('scroll', follows);
  follows();
}
