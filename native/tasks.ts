/** The steps of an eigenproblem that a team divides among itself: see team.ts. */
import { subtreePart } from './divide';
import { combinePart, rootsPart, weightsPart } from './merge';
import { preparePart, reflectPart } from './reflect';
import { multiplyPart, updatePart } from './symmetric';

export const MULTIPLY: i32 = 0;
export const UPDATE: i32 = 1;
export const SUBTREES: i32 = 2;
export const ROOTS: i32 = 3;
export const WEIGHTS: i32 = 4;
export const COMBINE: i32 = 5;
export const PREPARE: i32 = 6;
export const REFLECT: i32 = 7;

export function perform(task: i32, part: i32): void {
  if (task == MULTIPLY) multiplyPart(part);
  else if (task == UPDATE) updatePart(part);
  else if (task == SUBTREES) subtreePart(part);
  else if (task == ROOTS) rootsPart(part);
  else if (task == WEIGHTS) weightsPart(part);
  else if (task == COMBINE) combinePart(part);
  else if (task == PREPARE) preparePart(part);
  else reflectPart(part);
}
