/** A paper by its arXiv number, in a tab of its own. */
export function Arxiv({ id }: { id: string }) {
  return (
    <a href={`https://arxiv.org/abs/${id}`} target="_blank" rel="noreferrer">
      arXiv {id}
    </a>
  );
}
