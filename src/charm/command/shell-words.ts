/**
 * Splits a text into words as a POSIX shell does: at blanks, with '…', "…" and \ to keep what they hold together. Nothing is
 * expanded.
 * @throws SyntaxError when a quotation is not closed or the text ends in a backslash.
 */
export function splitShellWords(text: string): string[] {
  const words: string[] = [];
  for (let rest = text.trimStart(); rest !== ''; rest = rest.trimStart()) {
    let word = '';
    while (rest !== '' && !/^\s/.test(rest)) {
      const piece = takePiece(rest);
      if (!piece) throw new SyntaxError(`cannot split "${text}" into words: a quotation is not closed`);
      word += piece.value;
      rest = rest.slice(piece.length);
    }
    words.push(word);
  }
  return words;
}

interface Piece {
  readonly value: string;
  readonly length: number;
}

function takePiece(text: string): Piece | undefined {
  const [all = '', single, double, escaped, plain] =
    /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+))/s.exec(text) ?? [];
  if (all === '') return undefined;
  const value = single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain ?? '';
  return { value, length: all.length };
}
