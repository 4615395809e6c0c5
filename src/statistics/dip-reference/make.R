# Writes reference.json beside this file: dips by the R package diptest, of samples as they are and of the same samples
# in bins. From the project's folder (Debian: r-base-core, r-cran-diptest):
#   Rscript src/statistics/dip-reference/make.R src/statistics/dip-reference/reference.json
#   npx biome format --write src/statistics/dip-reference/reference.json
# Floats have 17 digits, so that they are read back as they were.
suppressMessages(library(diptest))
data(statfaculty)
set.seed(20251121)

# A mixture: as many draws from each normal as counts say.
mixture <- function(counts, means, sds) rnorm(sum(counts), rep(means, counts), rep(sds, counts))

raw <- list(
  "statfaculty (diptest)" = statfaculty,
  "faithful, eruptions (R)" = faithful$eruptions,
  "faithful, waiting (R)" = faithful$waiting,
  "precip (R)" = precip,
  "rivers (R)" = rivers,
  "quakes, depth (R)" = quakes$depth,
  "one point" = 3,
  "two points" = c(-1, 2),
  "two points, many times" = rep(c(-1, 2), c(70, 30)),
  "one point, many times" = rep(0.5, 40),
  "whole numbers, all alike" = rep(1:9, 7),
  "ties in a row" = rep(c(1, 2, 3, 5, 8, 13), c(9, 4, 1, 1, 6, 9)),
  "uniform" = runif(5000),
  "Gaussian" = rnorm(5000),
  "Cauchy, the middle" = local({ x <- rcauchy(8000); x[abs(x) < 4] }),
  "exponential" = rexp(5000),
  "two humps far apart" = mixture(c(2500, 2500), c(-1, 1), c(0.1, 0.1)),
  "two humps that touch" = mixture(c(3000, 2000), c(-1, 1), c(0.7, 0.6)),
  "a small hump beside a large one" = mixture(c(9000, 500), c(0, 4), c(1, 0.3)),
  "three humps" = mixture(c(2000, 1500, 1000), c(-2, 0, 2), c(0.3, 0.4, 0.3)),
  "a comb" = round(rnorm(4000) * 4) / 4 + rnorm(4000) * 0.01,
  "a spike in two humps" = c(rep(0, 800), mixture(c(2000, 2000), c(-0.4, 0.4), c(0.1, 0.1)))
)

# The bins of a PairStats histogram, 257 of one width, zero-centred after the sample is moved to the middle of its range.
binned <- function(x, bins = 257) {
  width <- max(diff(range(x)), 1e-9) / (bins - 1)
  slot <- floor((x - min(x)) / width + 0.5) + 1
  list(centres = min(x) + (seq_len(bins) - 1) * width, counts = tabulate(slot, bins))
}

number <- function(value) sprintf("%.17g", value)

samples <- mapply(function(name, x) {
  bins <- binned(x)
  seen <- bins$counts > 0
  sprintf('{"name":"%s","n":%d,"centres":[%s],"counts":[%s],"binned":%s,"raw":%s}', name, length(x),
    paste(number(bins$centres[seen]), collapse = ","), paste(bins$counts[seen], collapse = ","),
    number(dip(rep(bins$centres, bins$counts))), number(dip(x)))
}, names(raw), raw)

# Few points with many ties, where conventions show: places are 1, 2, 3 …, or unevenly spaced.
few <- replicate(400, {
  places <- sample(2:9, 1)
  counts <- sample(0:6, places, replace = TRUE)
  if (sum(counts) == 0) counts[1] <- 1
  at <- if (runif(1) < 0.5) seq_len(places) else sort(sample(1:40, places))
  sprintf('{"at":[%s],"counts":[%s],"dip":%s}', paste(at, collapse = ","), paste(counts, collapse = ","),
    number(dip(rep(at, counts))))
})

file <- commandArgs(trailingOnly = TRUE)[1]
writeLines(c(
  sprintf('{"made":"R %s.%s, diptest %s",', R.version$major, R.version$minor, packageVersion("diptest")),
  '"samples":[', paste(samples, collapse = ",\n"), '],', '"few":[', paste(few, collapse = ",\n"), ']}'), file)
