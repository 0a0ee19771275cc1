import { element } from './dom.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');
const print = matchMedia('print');
let chosen: boolean | null = null;
let printing = false;

/** Whether the page is drawn light on dark now; paper is always white. */
export const isDark = (): boolean => !isPrinting() && (chosen ?? dark.matches);

export const isPrinting = (): boolean => printing || print.matches;

const listeners: (() => void)[] = [];

/** Calls back whenever colours that were read from the theme have to be read again. */
export function onThemeChange(listener: () => void): void {
  listeners.push(listener);
}

function changed(): void {
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

/** The button that turns the page over; until it is pressed the system's preference holds. */
export function themeToggle(): HTMLElement {
  const button = element('button', { type: 'button', class: 'plain-button' });
  const label = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark() ? 'Switch to light' : 'Switch to dark');
  };
  button.addEventListener('click', () => {
    chosen = !isDark();
    changed();
  });
  onThemeChange(label);
  dark.addEventListener('change', changed);
  window.addEventListener('beforeprint', () => {
    printing = true;
    changed();
  });
  window.addEventListener('afterprint', () => {
    printing = false;
    changed();
  });
  label();
  return button;
}
