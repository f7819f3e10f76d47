"""A cache bounded in bytes."""

from random import Random

from graphql_api.bounded import OVERHEAD_BYTES, BoundedCache


def test_what_was_not_asked_for_longest_goes_first():
    cache: BoundedCache[str, int] = BoundedCache(4 * (OVERHEAD_BYTES + 10))
    for number, key in enumerate("abcd"):
        cache.put(key, number, 10)
    assert cache.get("a") == 0
    cache.put("e", 4, 10)
    assert [cache.get(key) for key in "abcde"] == [0, None, 2, 3, 4]


def test_one_entry_may_not_push_out_all_others():
    cache: BoundedCache[str, int] = BoundedCache(100_000)
    cache.put("small", 1, 10)
    cache.put("large", 2, 25_000)
    assert cache.get("large") is None
    assert cache.get("small") == 1


def test_an_entry_that_grew_too_large_is_not_left_as_it_was():
    cache: BoundedCache[str, int] = BoundedCache(100_000)
    cache.put("key", 1, 10)
    cache.put("key", 2, 90_000)
    assert cache.get("key") is None
    assert cache.held_bytes == 0


def test_nothing_is_kept_without_room():
    cache: BoundedCache[str, int] = BoundedCache(0)
    cache.put("key", 1, 0)
    assert cache.get("key") is None


def test_never_more_is_held_than_allowed():
    random, most = Random(1), 50_000
    cache: BoundedCache[int, int] = BoundedCache(most)
    for _ in range(5_000):
        cache.put(random.randrange(300), 0, random.randrange(5_000))
        if random.random() < 0.1:
            cache.drop(random.randrange(300))
        assert 0 <= cache.held_bytes <= most
    cache.clear()
    assert cache.held_bytes == 0
