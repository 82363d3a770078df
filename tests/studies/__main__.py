from tests.studies import interaction, measures, sources, untested
from tests.studies.published import making

if __name__ == "__main__":
    untested.main()
    interaction.main()
    measures.main()
    sources.main()
    making.main()
