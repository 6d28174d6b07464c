"""The collections of a service: what the file says last is what is served, however often it changes."""

import asyncio
from pathlib import Path

from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import load_settings


def test_of_changes_that_follow_each_other_the_last_one_is_served(guide_index) -> None:
    def write(top_k: int) -> None:
        table = f"[collections.a]\ndocs = 'x'\nindex = '{guide_index.index_dir}'\ntop_k = {top_k}\nreranker = 'none'\n"
        new = Path("new.toml")
        new.write_text(table, "utf-8")
        new.replace("footnote.toml")

    async def scenario() -> None:
        hosting = Hosting(load_settings())
        hosting.start()
        there_were = [*hosting]
        for top_k in (2, 3, 4):
            write(top_k)
            await hosting.look()
            there_were += hosting
        (last,) = hosting
        assert [one.settings.search.top_k for one in there_were] == [1, 2, 3, 4]
        while True:
            try:
                assert last.service.engine.settings.search.top_k == 4
                break
            except NotReadyError:
                await asyncio.sleep(0.02)
        assert all(one.service.is_let_go for one in there_were[:-1])
        await hosting.close()
        assert last.service.is_let_go

    write(1)
    asyncio.run(scenario())
