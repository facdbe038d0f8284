"""spaCy's nlp.pipe in two processes."""

import spacy
from told import tell

if __name__ == "__main__":
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    texts = ["This is a sentence. And one more, with some words."] * 3000
    tell(sum(len(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=200)))
