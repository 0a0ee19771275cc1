import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { messageOf, runtimeError } from '../base/errors.ts';
import { packagePath } from '../base/package.ts';
import type { ModelCard } from './embedder.ts';

/** The names of the models that have a card in `models/`, sorted. */
export function modelNames(): string[] {
  return readdirSync(packagePath('models'))
    .filter((name) => existsSync(packagePath('models', name, 'card.json')))
    .sort();
}

/** Reads a model's card. */
export function readCard(name: string): ModelCard {
  const path = packagePath('models', name, 'card.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ModelCard;
  } catch (error) {
    throw runtimeError(
      `The model card ${path} cannot be read (${messageOf(error)}); reinstall gamut.`,
      { cause: error },
    );
  }
}
