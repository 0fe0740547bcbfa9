/**
 * Makes the week of the rota a grid: one stop of the Tab key, and arrows between its days and desks (WAI-ARIA's grid pattern). Cells open
 * the same links as without this script.
 */

type Cell = HTMLTableCellElement;

const find = <E extends Element = HTMLElement>(what: string, within: ParentNode = document) =>
  within.querySelector<E>(what);

/** Returns the focusable parts of a cell: its links, in order; the cell itself when it has none. */
const stopsOf = (cell: Cell): HTMLElement[] => {
  const links = [...cell.querySelectorAll('a')];
  return links.length > 0 ? links : [cell];
};

start();
// The page below a call was replaced.
document.addEventListener('console:page', start);

function start(): void {
  const table = find<HTMLTableElement>('.rota-table table');
  if (!table) return;
  const rows = [...table.tBodies].flatMap((each) => [...each.rows]);
  const cells = rows.map((row) => [...row.querySelectorAll('td')]);
  const hint = find('#rota-keys');
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-readonly', 'true');
  if (hint) {
    hint.hidden = false;
    table.setAttribute('aria-describedby', hint.id);
  }
  for (const each of cells.flat().flatMap(stopsOf)) each.tabIndex = -1;

  // Not an id: a browser that navigates to one takes the focus away from its contents.
  const place = CSS.escape(location.hash.slice(1));
  const asked = find<Cell>(`td[data-place="${place}"]`, table);
  let stop = stopsOf(asked ?? find<Cell>('td.now', table) ?? cells[0]![0]!)[0]!;
  stop.tabIndex = 0;
  if (asked) stop.focus();

  table.addEventListener('focusin', ({ target }) => {
    const cell = target instanceof Element && target.closest('td');
    if (!cell || !(target instanceof HTMLElement)) return;
    stop.tabIndex = -1;
    stop = target;
    stop.tabIndex = 0;
    aim(cell);
  });

  table.addEventListener('keydown', (event) => {
    const { key, ctrlKey, target } = event;
    const cell = target instanceof Element && target.closest('td');
    if (!cell || event.altKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (key === 'PageUp' || key === 'PageDown') {
      event.preventDefault();
      turn(key === 'PageUp' ? 'before' : 'after', cell);
      return;
    }
    const row = cells.findIndex((each) => each.includes(cell));
    const to = placeAt(cells, { row, column: cells[row]!.indexOf(cell), stop }, key, ctrlKey);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

interface Place {
  row: number;
  column: number;
  stop: HTMLElement;
}

/** Returns the target of a key; null: another key, or no target there. */
function placeAt(
  cells: readonly Cell[][],
  { row, column, stop }: Place,
  key: string,
  isFar: boolean,
): HTMLElement | null {
  const at = (to: number, day: number, last = false): HTMLElement | null => {
    const cell = cells[to]?.[day];
    return cell ? (stopsOf(cell).at(last ? -1 : 0) ?? null) : null;
  };
  const own = stopsOf(cells[row]![column]!);
  const nth = own.indexOf(stop);
  const end = cells[row]!.length - 1;
  if (isFar && key !== 'Home' && key !== 'End') return null;
  switch (key) {
    case 'ArrowRight':
      return at(row, column + 1);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowDown':
      return own[nth + 1] ?? at(row + 1, column);
    case 'ArrowUp':
      return own[nth - 1] ?? at(row - 1, column, true);
    case 'Home':
      return at(isFar ? 0 : row, 0);
    case 'End':
      return at(isFar ? cells.length - 1 : row, end);
    default:
      return null;
  }
}

/** Opens the week before or after, at the same desk and day. */
function turn(to: 'before' | 'after', cell: Cell): void {
  const link = find<HTMLAnchorElement>(`a[data-week="${to}"]`);
  if (!link) return;
  link.hash = cell.dataset.place ?? '';
  link.click();
}

/** Sets the focused day in the forms for another shift and for an absence. */
function aim({ dataset: { day, desk } }: Cell): void {
  if (!day || !desk) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-for-day]')) {
    const to = new URL(link.href);
    to.searchParams.set('day', day);
    to.searchParams.set('desk', desk);
    link.href = to.href;
  }
}
