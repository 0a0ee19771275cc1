// A process that fills a vector store, for tests that kill it, race it or starve it.
// Arguments: the built store module, the cache folder, dims, rows a block, first block, end block.
// Prints the number of each block once it is committed, and how it went at the end.
const [module, cache, ...numbers] = process.argv.slice(2);
const [dims, rows, first, end] = numbers.map(Number);
const { openVectorStore, textKey } = await import(module);

const store = await openVectorStore(cache, 'model', dims);
for (let block = first; block < end; block++) {
  const numbersOfBlock = Array.from({ length: rows }, (_, row) => block * rows + row);
  const keys = numbersOfBlock.map((i) => textKey(`text ${i}`));
  const vectors = Float32Array.from({ length: rows * dims }, (_, at) => {
    return numbersOfBlock[Math.floor(at / dims)] + (at % dims) / 8;
  });
  await store.commit(keys, vectors, Int32Array.from(numbersOfBlock));
  process.stdout.write(`${block}\n`);
}
process.stdout.write(`${JSON.stringify({ size: store.size, failure: store.failure })}\n`);
