# R's BLAS: the parent multiplies, then two forks of it do.
library(parallel)
product <- function(seed) {
  set.seed(seed)
  m <- matrix(runif(490000), 700)
  for (i in 1:8) total <- sum(diag(m %*% m))
  total
}
found <- c(product(1), unlist(mclapply(1:4, product, mc.cores = 2)))
cat('\n{"result": "', paste(signif(found, 6), collapse = " "), '"}\n', sep = "")
