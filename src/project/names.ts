import type { Clusters } from '../clusters/clusters.ts';
import { ClusterWords, namesFromWords } from '../clusters/words.ts';
import type { Loaded } from '../engine/inputs.ts';
import { reread } from '../engine/reread.ts';

/** What each cluster is called: the label it was given, or its words, which takes a pass over the texts. */
export async function clusterNames(
  loaded: Loaded,
  clusters: Clusters,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (clusters.names !== null) return clusters.names;
  const words = new ClusterWords(clusters.k);
  if (loaded.dataset.kind === 'text') {
    for await (const [{ text }, i] of reread(loaded, signal)) {
      words.observe(clusters.labels[i]!, text!);
    }
  }
  return namesFromWords(words.finish(WORDS));
}

/** Words that a name may be made of. */
const WORDS = 6;
