"""gensim's Word2Vec: two threads, each with calls of a BLAS."""

from gensim.models import Word2Vec
from told import tell

if __name__ == "__main__":
    sentences = [[f"word{(i * j) % 500}" for j in range(20)] for i in range(6000)]
    model = Word2Vec(sentences, vector_size=100, workers=2, min_count=1, epochs=3, seed=1)
    tell(len(model.wv))
