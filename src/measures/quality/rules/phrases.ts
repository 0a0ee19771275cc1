import type { Language } from '../../language.ts';
import type { TextView } from '../../text-view.ts';

/**
 * What rules look for in words, in the languages that they know. A rule of phrases is not for rows in another language:
 * those are left out, as “nothing found” would say nothing of them. A row too short to tell its language counts.
 */
const KNOWN: ReadonlySet<Language> = new Set<Language>([
  ...(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'han', 'kana', 'hangul'] as const),
]);

/** Behind 'rows': which a rule of phrases is for. */
export const IN_KNOWN_LANGUAGES =
  'in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese, Japanese or Korean';

/** English prose of so many words has enough of the words that tell it. */
const TELLS = 20;

export function knowsPhrases(view: TextView): boolean {
  const { language, code, plain, text } = view;
  if (language === 'cyrillic') return /[ыэё]/i.test(text) && !/[іїєўјљњћђџ]/i.test(text);
  if (language !== null) return KNOWN.has(language);
  if (code !== null) return true;
  let words = 0;
  for (const word of plain) if (/^\p{L}{2}/u.test(word)) words += 1;
  return words < TELLS;
}

const START = '^["“«„\'’「]?\\s?';
const REFUSALS: readonly string[] = [
  // German
  '(?<!\\p{L})als (?:eine? )?(?:ki(?![\\p{L}])|künstliche intelligenz|(?:ki-|großes )?sprachmodell)',
  `${START}(?:(?:es )?tut mir leid|leider|entschuldigung)[^.!?\\n]{0,40}(?<!\\p{L})(?:kann|darf|werde) ich [^.!?\\n]{0,60}nicht (?:helfen|beantworten|nachkommen|erfüllen|bereitstellen|weiterhelfen|unterstützen|erstellen)`,
  `${START}(?:es )?tut mir leid[^.!?\\n]{0,20}ich (?:kann|darf|werde) [^.!?\\n]{0,60}nicht (?:helfen|beantworten|nachkommen|erfüllen|bereitstellen|weiterhelfen|unterstützen|erstellen)`,
  // French
  "(?<!\\p{L})en tant qu(?:e modèle (?:de langage|linguistique)|['’](?:une? )?(?:ia|intelligence artificielle|assistante? (?:ia|virtuelle?))(?!\\p{L}))",
  `${START}(?:(?:je suis )?désolée?|malheureusement|je m['’]excuse)[^.!?\\n]{0,40}je ne (?:peux|suis pas en mesure|puis)(?: pas)? (?:de )?(?:vous |y )?(?:aider|répondre|fournir|satisfaire|accéder|générer|créer|effectuer)`,
  // Spanish
  '(?<!\\p{L})como (?:un |una )?(?:modelo de lenguaje|inteligencia artificial|ia(?!\\p{L})|asistente (?:de ia|virtual))',
  `${START}(?:lo siento|lo lamento|lamentablemente|desafortunadamente)[^.!?\\n]{0,40}no (?:puedo|me es posible) (?:ayudar|responder|proporcionar|cumplir|generar|crear|realizar|acceder)`,
  // Portuguese
  '(?<!\\p{L})como (?:um |uma )?(?:modelo de linguagem|inteligência artificial|assistente (?:de ia|virtual))',
  `${START}(?:desculpe|lamento|sinto muito|infelizmente)[^.!?\\n]{0,40}não (?:posso|consigo) (?:ajudar|responder|fornecer|cumprir|gerar|criar|realizar|atender)`,
  // Italian
  '(?<!\\p{L})(?:come|in quanto) (?:un |una )?(?:modello (?:di linguaggio|linguistico)|intelligenza artificiale|ia(?!\\p{L}))',
  "(?<!\\p{L})(?:in quanto|come) un['’]intelligenza artificiale",
  `${START}(?:mi dispiace|purtroppo|spiacente)[^.!?\\n]{0,40}non posso (?:aiutar|risponder|fornir|soddisfar|generar|crear|esaudir)`,
  // Dutch
  '(?<!\\p{L})als (?:een )?(?:ai-)?(?:taalmodel|kunstmatige intelligentie)(?!\\p{L})',
  `${START}(?:het spijt me|sorry|helaas)[^.!?\\n]{0,30}(?:ik kan|kan ik) [^.!?\\n]{0,50}niet (?:mee |bij )?(?:helpen|beantwoorden|geven|verstrekken|uitvoeren)`,
  // Russian
  '(?<!\\p{L})(?:как|являясь|будучи) (?:(?:большая |большой )?языков(?:ая модель|ой моделью)|искусственн(?:ый интеллект|ым интеллектом)|ии(?!\\p{L}))',
  `${START}(?:извините|простите|к сожалению|прошу прощения)[^.!?\\n]{0,30}я не (?:могу|в состоянии) (?:помочь|ответить|предоставить|выполнить|создать|обсуждать|дать)`,
  // Chinese
  '作为(?:一个|一款|一名)?(?:大型|人工智能|AI)?\\s?(?:语言模型|人工智能|AI(?![A-Za-z])|智能助手)',
  '作為(?:一個|一款)?(?:大型|人工智慧|AI)?\\s?(?:語言模型|人工智慧)',
  `${START}(?:很|非常|十分)?(?:抱歉|对不起|對不起|不好意思)[^。！？\\n]{0,10}我(?:无法|無法|不能|没有办法|不可以)(?:回答|提供|帮助|協助|协助|满足|完成|生成|讨论|给出|为您|为你)`,
  // Japanese
  '(?:AI|人工知能|大規模)?言語モデル(?:として|なので|である)|(?:AI|人工知能)アシスタントとして',
  '申し訳(?:ありません|ございません)(?:が、?|。)[^。\\n]{0,40}(?:お答え|お手伝い|提供|お応え|回答|対応)(?:することは?)?(?:は?できません|できかねます|いたしかねます)',
  // Korean
  '(?:AI|인공지능)\\s?(?:언어\\s?)?모델로서|언어\\s?모델로서',
  `${START}죄송(?:하지만|합니다만?)[^.!?\\n]{0,60}(?:도와드릴|제공할|제공해 드릴|답변할|답변드릴|답할|대답할) 수 (?:없|가 없)`,
];
/** Refusals in other languages than English. */
export const REFUSAL_ABROAD = new RegExp(REFUSALS.join('|'), 'imu');

const WHAT =
  '(?:vor)?name|nom|nombre|nome|naam|prénom|datum|fecha|data|adresse|dirección|endereço|indirizzo|adres|firma|unternehmen|entreprise|empresa|azienda|bedrijf|stadt|ville|ciudad|cidade|città|titel|titre|título|titolo|telefonnummer|имя|фамилия|дата|адрес|компани[яи]';
const WHOSE =
  'ihre?n?|deine?n?|votre|ton|ta|tu|su|seu|sua|o seu|a sua|il tuo|la tua|il suo|la sua|uw|jouw|je|ваш[аеи]?|твоё|твое';
/** Slots in other languages than English; a date or a name by itself only where nothing else it could be. */
export const SLOT_ABROAD = new RegExp(
  `\\[(?:(?:${WHOSE}) (?:${WHAT})|insérer|insérez|einfügen|insertar|inserir|inserisci|nombre|nome|nom|naam)(?!\\p{L})[^\\]\\n]{0,40}\\]|[[【](?:您的|你的|あなたの|お名前|당신의|귀하의)[^\\]】\\n]{0,12}[\\]】]`,
  'iu',
);

/** Lines of web pages in other languages than English. */
export const BOILERPLATE_ABROAD =
  /alle rechte vorbehalten|(?:verwende[nt]|nutz(?:t|en)) cookies|cookies (?:akzeptieren|zulassen)|javascript (?:aktivieren|ist deaktiviert)|aktivieren sie javascript|tous droits réservés|utilis(?:e|ons) des cookies|accepter (?:tous )?les cookies|activer javascript|todos los derechos reservados|(?:utiliza|usa)(?:mos)? cookies|aceptar (?:todas )?las cookies|(?:habilitar|activar|active|habilite) javascript|todos os direitos reservados|aceitar (?:todos )?os cookies|tutti i diritti riservati|(?:utilizza|usa)(?:mo)? (?:i )?cookie|accetta(?:re)? (?:tutti )?i cookie|abilitare javascript|alle rechten voorbehouden|(?:gebruikt|gebruiken) cookies|все права защищены|использ(?:ует|уем) (?:файлы )?cookie|включите javascript|版权所有|版權所有|使用\s?cookie|启用\s?javascript|無断転載|(?:クッキー|cookie)を使用して|javascriptを有効|무단\s?전재|쿠키를 사용/iu;

/** Words that no sentence ends with. */
const OPEN: Readonly<Partial<Record<Language, string>>> = {
  en: 'the an? and or but of to in for with by from as at on into that which who is are was were be been has have had will would can could should may might its? their his her your our my this these such than when while because if not very',
  de: 'der die das den dem des ein eine einen einem einer und oder aber von zu mit für im am vom zum zur bei ist sind war wird dass weil wenn als sehr ihre? seine?',
  fr: 'le la les un une des du de et ou mais à au aux en dans pour par avec sur est sont que qui dont sa son ses leur très si d l qu',
  es: 'el la los las un una unos unas de del y o pero a al en con por para que es son su sus muy si como',
  it: 'il lo la i gli le un una di del della e o ma a al in con per da che è sono suo sua molto se',
  pt: 'o os as um uma de do da dos das e ou mas ao em no na com por para que é são seu sua muito se',
  nl: 'de het een en of maar van te in op met voor door naar dat die is zijn wordt als omdat zeer hun',
  cyrillic: 'и или но в на с из от для по к о об что который это как если не очень его её их',
};
const OPEN_ENDS = new Map(
  Object.entries(OPEN).map(([language, words]) => [
    language,
    new RegExp(`(?:^|[\\s'’])(?:${words.split(' ').join('|')})$|[,–—-]$`, 'iu'),
  ]),
);

/** Whether a sentence breaks off at its last word, in the language of its row; English where that is not known. */
export const endsOpen = (sentence: string, { language }: TextView): boolean =>
  OPEN_ENDS.get(language ?? 'en')?.test(sentence) ?? false;
