from tests.studies import interaction, measures, sources, untested

if __name__ == "__main__":
    untested.main()
    interaction.main()
    measures.main()
    sources.main()
