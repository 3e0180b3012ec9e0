import torch

from training.scorer_net import FEATURES, Scorer, contrastive_loss, padded


def test_both_towers_give_unit_vectors() -> None:
    scorer = Scorer(12)
    seen = scorer.see(torch.randn(3, 3, 256, 256).clamp(-1, 1))
    read = scorer.read(*padded([torch.randn(4, 12), torch.randn(2, 12)]))
    assert (seen.shape, read.shape) == ((3, FEATURES), (2, FEATURES))
    for vectors in (seen, read):
        torch.testing.assert_close(vectors.norm(dim=1), torch.ones(len(vectors)))


def test_a_caption_reads_the_same_in_any_batch_and_whatever_its_first_token() -> None:
    scorer = Scorer(12)
    short, long = torch.randn(3, 12), torch.randn(6, 12)
    alone = scorer.read(*padded([short]))
    other_start = torch.cat([torch.randn(1, 12), short[1:]])
    together = scorer.read(*padded([other_start, long]))
    torch.testing.assert_close(alone[0], together[0], atol=1e-5, rtol=0)


def test_twins_are_no_wrong_answers() -> None:
    scorer = Scorer(12)
    vectors = torch.nn.functional.normalize(torch.randn(4, FEATURES), dim=1)
    vectors[1] = vectors[0]
    eye = torch.eye(4, dtype=torch.bool)
    twins = eye.clone()
    twins[0, 1] = twins[1, 0] = True
    assert contrastive_loss(scorer, vectors, vectors, twins) < contrastive_loss(scorer, vectors, vectors, eye)
