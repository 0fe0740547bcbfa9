/** The lit window, Finestreta's mark: unlit in headers, lit when a person is at the other end. Always beside words. */
export function Mark({ lit = false }: { lit?: boolean }) {
  return (
    <svg class={lit ? 'mark lit' : 'mark'} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        class="pane"
        d="M9.5 7H15v8H7V9.5A2.5 2.5 0 0 1 9.5 7zm7.5 0h5.5A2.5 2.5 0 0 1 25 9.5V15h-8zM7 17h8v8H9.5A2.5 2.5 0 0 1 7 22.5zm10 0h8v5.5a2.5 2.5 0 0 1-2.5 2.5H17z"
      />
      <rect x="3" y="3" width="26" height="26" rx="6" />
    </svg>
  );
}
