/** A way to make data, by the parts that the survey tells pipelines apart by (arXiv 2412.02980). */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly components: Components;
  readonly cite: string;
}

export interface Components {
  /** What it starts from. */
  readonly seed: string;
  /** How the model is asked. */
  readonly prompting: string;
  /** How answers are drawn. */
  readonly sampling: string;
  /** How what was made makes more. */
  readonly evolution: string;
  /** What is left out. */
  readonly filtering: string;
  /** How it is known that a row is right. */
  readonly verification: string;
}

export const COMPONENTS = [
  'seed',
  'prompting',
  'sampling',
  'evolution',
  'filtering',
  'verification',
] as const satisfies readonly (keyof Components)[];

/** Generators that people know, as their papers describe them. No numbers: those are yours to record. */
export const KNOWN: readonly Recipe[] = [
  {
    id: 'self-instruct',
    title: 'Self-Instruct',
    components: {
      seed: '175 tasks written by people',
      prompting: 'few-shot: tasks from the pool, then instances of the new one',
      sampling: 'temperature, one model',
      evolution: 'bootstrapped: new tasks join the pool that prompts are drawn from',
      filtering: 'ROUGE-L to the pool below 0.7, keywords, lengths, doublets',
      verification: 'none',
    },
    cite: 'Wang et al. 2022, arXiv 2212.10560',
  },
  {
    id: 'alpaca',
    title: 'Alpaca',
    components: {
      seed: 'the 175 tasks of Self-Instruct',
      prompting: 'few-shot, twenty tasks and their answers asked for at once',
      sampling: 'temperature, one stronger model',
      evolution: 'none beyond the growing pool that similarity is measured to',
      filtering: 'ROUGE-L below 0.7, keywords, lengths',
      verification: 'none',
    },
    cite: 'Taori et al. 2023, github.com/tatsu-lab/stanford_alpaca',
  },
  {
    id: 'unnatural-instructions',
    title: 'Unnatural Instructions',
    components: {
      seed: '15 tasks written by people',
      prompting: 'three-shot, a fourth example asked for',
      sampling: 'nucleus for inputs, greedy for outputs',
      evolution: 'instructions paraphrased by the model',
      filtering: 'format, doublets',
      verification: 'none',
    },
    cite: 'Honovich et al. 2022, arXiv 2212.09689',
  },
  {
    id: 'evol-instruct',
    title: 'Evol-Instruct (WizardLM)',
    components: {
      seed: 'the instructions of Alpaca',
      prompting:
        'rewrite one: add constraints, deepen, concretise, more steps, another in its manner',
      sampling: 'a kind of rewriting drawn each time',
      evolution: 'four rounds, each of what the round before made',
      filtering: 'rewritings that add nothing, refusals, copied words of the prompt',
      verification: 'none',
    },
    cite: 'Xu et al. 2023, arXiv 2304.12244',
  },
  {
    id: 'magpie',
    title: 'Magpie',
    components: {
      seed: 'none: the chat template up to where a user would speak',
      prompting: 'the template alone, then the instruction it gave',
      sampling: 'temperature and nucleus, an aligned model',
      evolution: 'none',
      filtering: 'judged quality and difficulty, reward, distance to the nearest neighbour',
      verification: 'none, rewards aside',
    },
    cite: 'Xu et al. 2024, arXiv 2406.08464',
  },
  {
    id: 'persona-hub',
    title: 'Persona Hub',
    components: {
      seed: 'personas that a model read out of web texts',
      prompting: 'a persona put into the request, with or without examples',
      sampling: 'one or a few rows a persona',
      evolution: 'personas from the relations of other personas',
      filtering: 'personas that repeat others, by n-grams and by embeddings',
      verification: 'none',
    },
    cite: 'Ge et al. 2024, arXiv 2406.20094',
  },
  {
    id: 'oss-instruct',
    title: 'OSS-Instruct (Magicoder)',
    components: {
      seed: 'snippets of open code',
      prompting: 'a problem and its solution inspired by the snippet',
      sampling: 'greedy, one row a snippet',
      evolution: 'none',
      filtering: 'doublets, overlap with benchmarks',
      verification: 'none',
    },
    cite: 'Wei et al. 2023, arXiv 2312.02120',
  },
  {
    id: 'metamath',
    title: 'MetaMath',
    components: {
      seed: 'the training problems of GSM8K and MATH',
      prompting: 'rephrase, turn around (a number becomes the unknown), answer anew',
      sampling: 'temperature, several answers a question',
      evolution: 'one round',
      filtering: 'answers that end in another number',
      verification: 'the final answer against the known one',
    },
    cite: 'Yu et al. 2023, arXiv 2309.12284',
  },
  {
    id: 'star',
    title: 'STaR',
    components: {
      seed: 'questions with known answers, a few worked ones',
      prompting: 'few-shot reasoning; where it fails, again with the answer as a hint',
      sampling: 'one answer a question and round',
      evolution: 'rounds: the model is trained on what it got right',
      filtering: 'wrong answers',
      verification: 'the final answer against the known one',
    },
    cite: 'Zelikman et al. 2022, arXiv 2203.14465',
  },
  {
    id: 'gsm8k',
    title: 'GSM8K (people)',
    components: {
      seed: 'people who write problems',
      prompting: 'none: guidelines',
      sampling: 'none',
      evolution: 'none',
      filtering: 'problems that repeat others, problems that solvers disagree on',
      verification: 'solved again by other people',
    },
    cite: 'Cobbe et al. 2021, arXiv 2110.14168',
  },
  {
    id: 'lima',
    title: 'LIMA (people)',
    components: {
      seed: 'questions and answers of forums, and some written for it',
      prompting: 'none',
      sampling: 'by topic, the best voted',
      evolution: 'none',
      filtering: 'by hand, for quality, style and variety',
      verification: 'people',
    },
    cite: 'Zhou et al. 2023, arXiv 2305.11206',
  },
];
