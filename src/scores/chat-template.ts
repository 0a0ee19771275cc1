import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputError, messageOf } from '../base/errors.ts';
import { readTokenizerJson } from '../embed/tokenise/tokenizer-json.ts';
import { readConfig } from './model-source.ts';

/** Writes a prompt as a chat model reads one: from the first marker to where its answer begins. */
export type ChatTemplate = (prompt: string) => string;

/** What a model's own chat template makes of a conversation of one prompt; `name` is that of the model. */
export async function openChatTemplate(folder: string, name: string): Promise<ChatTemplate> {
  const template = templateOf(folder);
  if (template === null) {
    throw inputError(
      `The language model ${name} has no chat template (chat_template in its tokenizer_config.json, or chat_template.jinja); leave out --language-chat.`,
    );
  }
  const { PreTrainedTokenizer } = await import('@xenova/transformers');
  const config = { ...readConfig(folder, 'tokenizer_config.json'), chat_template: template };
  const write: ChatTemplate = (prompt) => {
    try {
      return tokenizer.apply_chat_template([{ role: 'user', content: prompt }], {
        tokenize: false,
        add_generation_prompt: true,
      }) as string;
    } catch (error) {
      throw inputError(
        `The chat template of the language model ${name} cannot write a prompt: ${messageOf(error)}`,
        { cause: error },
      );
    }
  };
  const tokenizer = new PreTrainedTokenizer(readTokenizerJson(folder), config);
  // What is wrong with a template shows before any row is read.
  const [one, other] = [write('one'), write('other')];
  if (one === other) {
    throw inputError(
      `The chat template of the language model ${name} leaves out the prompt; leave out --language-chat.`,
    );
  }
  return write;
}

/** In a file of its own, or in the tokeniser's settings: one, or several of which one is the default. */
function templateOf(folder: string): string | null {
  const file = join(folder, 'chat_template.jinja');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { chat_template: said } = readConfig(folder, 'tokenizer_config.json');
  if (typeof said === 'string') return said;
  if (!Array.isArray(said)) return null;
  const named = said as readonly { readonly name?: unknown; readonly template?: unknown }[];
  const chosen = named.find((one) => one?.name === 'default')?.template;
  return typeof chosen === 'string' ? chosen : null;
}
