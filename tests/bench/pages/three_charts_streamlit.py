"""The three charts as a Streamlit script: a control reruns it."""

import streamlit as st
from three_charts import DEFAULT_YEAR, FIRST_YEARS, PARTNERS, charts

partner = st.selectbox("Partner", list(PARTNERS), format_func=PARTNERS.__getitem__)
first_year = st.slider("First year", *FIRST_YEARS, DEFAULT_YEAR)
for chart in charts(partner, first_year):
    st.altair_chart(chart)
