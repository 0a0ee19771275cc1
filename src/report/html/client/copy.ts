import { element } from './dom.ts';

/** A button that puts lines on the clipboard and says so. */
export function copyButton(label: string, lines: () => readonly string[]): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'action' }, label);
  button.addEventListener('click', async () => {
    const copied = await copy(lines().join('\n'));
    button.textContent = copied ? 'Copied' : 'Not allowed here';
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  });
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages from disk have no clipboard in some browsers; a selected field still has.
    const field = element('textarea', { class: 'unseen' });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    return copied;
  }
}

/** Gives the reader a file that the page made itself; nothing is requested. */
export function saveFile(name: string, type: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A field of a CSV file (RFC 4180). */
export const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
